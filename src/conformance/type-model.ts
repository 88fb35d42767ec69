import type { ChoiceMember, ElementModel, TypeModel } from '../fhir/fhirpath/model.ts';
import type { Registry } from './registry.ts';

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** The registry's types as FHIRPath sees them; each type is read once, when first asked for. */
export const typeModel = (registry: Pick<Registry, 'type'>): TypeModel => {
  const known = new Map<string, ReadonlyMap<string, ElementModel>>();

  const read = (type: string): ReadonlyMap<string, ElementModel> => {
    const elements = new Map<string, ElementModel>();
    for (const { name, choice, types } of registry.type(type)?.elements ?? []) {
      if (!choice) {
        elements.set(name, { name, ...(types[0] !== undefined && { type: types[0] }) });
        continue;
      }
      const choices = types.map((it): ChoiceMember => ({ member: `${name}${capital(it)}`, type: it }));
      elements.set(name, { name, choices });
      for (const { member, type: itsType } of choices) elements.set(member, { name, type: itsType });
    }
    return elements;
  };

  return {
    element: (type, name) => {
      let elements = known.get(type);
      if (elements === undefined) {
        elements = read(type);
        known.set(type, elements);
      }
      return elements.get(name);
    },
    base: (type) => registry.type(type)?.base,
  };
};

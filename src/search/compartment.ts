import type { Registry } from '../conformance/registry.ts';
import type { Resource } from '../fhir/resource.ts';
import { COMPARTMENT, type IndexValue, type ReferenceValue } from './index-values.ts';
import { or, type Predicate } from './query.ts';

const ITSELF = '{def}';

const membership = (id: string): ReferenceValue => ({
  kind: 'reference',
  param: COMPARTMENT,
  type: 'Patient',
  id,
  version: null,
  url: null,
});

/** Adds one value for each patient whose compartment the resource is in, a Patient's own first (compartmentdefinition-patient.html). */
export const compartmentValues = (
  registry: Registry,
  type: string,
): ((resource: Resource, out: IndexValue[]) => void) => {
  const codes = registry.patientCompartment(type);
  const own = codes.includes(ITSELF);
  return (resource, out) => {
    if (codes.length === 0) return;
    const patients: string[] = own && typeof resource.id === 'string' ? [resource.id] : [];
    for (const code of codes) {
      for (const value of out) {
        if (value.param !== code || value.kind !== 'reference' || value.type !== 'Patient') continue;
        if (value.id !== null && !patients.includes(value.id)) patients.push(value.id);
      }
    }
    for (const id of patients) out.push(membership(id));
  };
};

/** The patient whose data key seals the resource: the first whose compartment it is in; null where it is in none. */
export const patientOf = (values: readonly IndexValue[]): string | null => {
  for (const value of values) {
    if (value.param === COMPARTMENT && value.kind === 'reference' && value.type === 'Patient') return value.id;
  }
  return null;
};

/** Resources of the type that are in the patient's compartment; none of a type that the compartment's definition leaves out. */
export const inPatientCompartment = (registry: Registry, type: string, patientId: string): Predicate => {
  const codes = registry.patientCompartment(type);
  if (codes.length === 0) return { kind: 'none' };
  if (codes.length === 1 && codes[0] === ITSELF) return { kind: 'id', ids: [patientId] };
  return { kind: 'reference', param: COMPARTMENT, target: { by: 'local', type: 'Patient', id: patientId } };
};

/** Types that may be in a compartment of the owner's type (compartmentdefinition.html), as far as resources of them are served. */
export const compartmentMembers = (registry: Registry, owner: string): readonly string[] =>
  registry.resourceTypes.filter((type) => registry.compartment(owner, type).length > 0);

/** Resources of the type that are in the compartment of one owner; none of a type that the compartment's definition leaves out. */
export const inCompartment = (registry: Registry, owner: string, type: string, id: string): Predicate => {
  if (owner === 'Patient') return inPatientCompartment(registry, type, id);
  return or(
    ...registry
      .compartment(owner, type)
      .map(
        (param): Predicate =>
          param === ITSELF
            ? { kind: 'id', ids: [id] }
            : { kind: 'reference', param, target: { by: 'local', type: owner, id } },
      ),
  );
};

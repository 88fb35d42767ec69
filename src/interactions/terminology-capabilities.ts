import { textAt } from '../conformance/terminology/read.ts';
import { isObject, type JsonObject, listOf } from '../fhir/resource.ts';
import type { World } from './context.ts';

/**
 * What `metadata?mode=terminology` tells (terminologycapabilities.html): the code systems that everybody is answered
 * about, and the parameters of $expand. What is stored beside them is told to those alone who may read it.
 */
export const terminologyCapabilities = (world: World): JsonObject => ({
  resourceType: 'TerminologyCapabilities',
  id: 'novamind',
  url: `${world.base}/metadata?mode=terminology`,
  version: world.version,
  name: 'NovaMindTerminology',
  status: 'active',
  date: new Date(world.now()).toISOString(),
  kind: 'instance',
  software: { name: 'NovaMind', version: world.version },
  implementation: {
    description:
      'The code systems of FHIR R4 and of this server; CodeSystem, ValueSet and ConceptMap resources that are stored are used as well',
    url: world.base,
  },
  codeSystem: world.registry.terminology.codeSystems.map(({ resource }) => {
    const version = textAt(resource, 'version');
    return { uri: textAt(resource, 'url') ?? '', ...(version !== undefined && { version: [{ code: version }] }) };
  }),
  expansion: {
    hierarchical: true,
    paging: true,
    incomplete: false,
    parameter: parametersOf(world, 'expand'),
    textFilter: 'Every word must be in a display or in the code, whatever its case and accents.',
  },
  codeSearch: 'explicit',
  validateCode: { translations: false },
  translation: { needsMap: true },
  closure: { translation: false },
});

function parametersOf({ operations }: World, code: string): readonly JsonObject[] {
  const stated = operations.find((operation) => operation.code === code)?.definition['parameter'];
  return listOf(stated).flatMap((parameter): readonly JsonObject[] => {
    if (!isObject(parameter) || parameter['use'] !== 'in') return [];
    return [{ name: textAt(parameter, 'name') ?? '', documentation: textAt(parameter, 'documentation') ?? '' }];
  });
}

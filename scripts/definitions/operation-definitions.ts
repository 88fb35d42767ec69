import { operations } from '../../operations/index.ts';
import { served } from '../../src/operation/served.ts';
import { CANONICAL } from '../../src/series/codes.ts';

/** The OperationDefinitions of our own, by file name, as profiles/operation-definitions has them; those of R4 are HL7's to publish. */
export const operationDefinitions = (): ReadonlyMap<string, string> =>
  new Map(
    operations({ models: [], languageModel: undefined, sanitizePhi: true })
      .map((operation) => served(operation).definition)
      .filter(({ url }) => url.startsWith(CANONICAL))
      .map((definition) => [`${definition.id}.json`, `${JSON.stringify(definition, undefined, 2)}\n`]),
  );

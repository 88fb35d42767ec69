import type { Operation } from '../../src/operation/operation.ts';
import { expandOperation } from './expand.ts';
import { lookupOperation } from './lookup.ts';
import { subsumesOperation } from './subsumes.ts';
import { translateOperation } from './translate.ts';
import { validateInSystemOperation, validateInValueSetOperation } from './validate-code.ts';

/** The operations of a terminology service (terminology-service.html) over what is bundled and what is stored. */
export const terminologyOperations: readonly Operation[] = [
  expandOperation,
  validateInValueSetOperation,
  validateInSystemOperation,
  lookupOperation,
  subsumesOperation,
  translateOperation,
];

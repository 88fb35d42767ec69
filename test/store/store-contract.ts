import { describe } from '@jest/globals';
import { atRestContract } from './contract/at-rest.ts';
import { auditContract } from './contract/audit.ts';
import { commitContract } from './contract/commit.ts';
import { concurrencyContract } from './contract/concurrency.ts';
import { dateOrderContract } from './contract/date-order.ts';
import { feedContract } from './contract/feed.ts';
import { fulltextPredicateContract } from './contract/fulltext-predicates.ts';
import { historyContract } from './contract/history.ts';
import { manyValuesContract } from './contract/many-values.ts';
import type { Open } from './contract/opened.ts';
import { outboxContract } from './contract/outbox.ts';
import { pagingContract } from './contract/paging.ts';
import { predicateContract } from './contract/predicates.ts';
import { rememberedContract } from './contract/remembered.ts';
import { referencePredicateContract } from './contract/reference-predicates.ts';

/** Everything the comments of src/store/store.ts promise, held against one store. */
export function storeContract(name: string, open: Open): void {
  describe(`${name} store`, () => {
    describe('commits', () => commitContract(open));
    describe('history', () => historyContract(open));
    describe('search predicates', () => predicateContract(open));
    describe('search values', () => manyValuesContract(open));
    describe('references, chains and has', () => referencePredicateContract(open));
    describe('full text, positions and strings in filters', () => fulltextPredicateContract(open));
    describe('sorting, paging, counting', () => pagingContract(open));
    describe('sorting by date', () => dateOrderContract(open));
    describe('several processes', () => rememberedContract(open));
    describe('concurrency', () => concurrencyContract(open));
    describe('change feed', () => feedContract(open));
    describe('outbox', () => outboxContract(open));
    describe('audit log', () => auditContract(open));
    describe('at rest', () => atRestContract(open));
  });
}

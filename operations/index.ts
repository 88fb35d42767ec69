import type { LanguageModel } from '../src/language-model/client.ts';
import type { Operation } from '../src/operation/operation.ts';
import type { Model } from '../src/prediction/model.ts';
import { document } from './document/document.ts';
import { draftNote } from './draft-note/draft-note.ts';
import generateTwin from './generate-twin/generate-twin.ts';
import { everything } from './everything/everything.ts';
import { graphql } from './graphql/graphql.ts';
import { lastn } from './lastn/lastn.ts';
import { match } from './match/match.ts';
import { meta, metaAdd, metaDelete } from './meta/meta.ts';
import { predictOperation } from './predict/predict.ts';
import { reindex, reindexStatus } from './reindex/reindex.ts';
import { stats } from './stats/stats.ts';
import { summary } from './summary/summary.ts';
import { terminologyOperations } from './terminology/terminology.ts';
import { validate } from './validate/validate.ts';

/** What operations need beside the world they are called in. */
export interface OperationParts {
  readonly models: readonly Model[];
  readonly languageModel: LanguageModel | undefined;
  /** Whether prompts are stripped of identifying words; off only for a model of one's own. */
  readonly sanitizePhi: boolean;
}

/** Every operation that this server has, each from its folder. */
export const operations = ({ models, languageModel, sanitizePhi }: OperationParts): readonly Operation[] => [
  validate,
  everything,
  summary,
  match,
  lastn,
  stats,
  document,
  meta,
  metaAdd,
  metaDelete,
  ...terminologyOperations,
  graphql,
  reindex,
  reindexStatus,
  generateTwin,
  predictOperation(models),
  draftNote(languageModel, sanitizePhi),
];

import type { Json } from '../fhir/resource.ts';
import type { IndexValue } from './index-values.ts';

/** Appends what one element is found by. Elements of the wrong shape add nothing: validation has its own say. */
export type Emit = (element: Json, param: string, out: IndexValue[]) => void;

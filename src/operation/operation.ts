import type { ResourceKey } from '../fhir/ids.ts';
import type { Json, Resource } from '../fhir/resource.ts';
import type { Answer } from '../interactions/answer.ts';
import type { Call, Preferences } from '../interactions/context.ts';
import type { FhirRequest } from '../interactions/request.ts';

/** The members of an OperationDefinition (operationdefinition.html) that routes and types are derived from. */
export interface OperationDefinition {
  readonly resourceType: 'OperationDefinition';
  readonly id: string;
  readonly url: string;
  readonly version: string;
  readonly name: string;
  readonly title: string;
  readonly status: 'active' | 'draft';
  readonly kind: 'operation';
  readonly description: string;
  /** Without `$`. */
  readonly code: string;
  readonly affectsState: boolean;
  readonly resource?: readonly string[];
  readonly system: boolean;
  readonly type: boolean;
  readonly instance: boolean;
  readonly parameter: readonly OperationParameter[];
}
export interface OperationParameter {
  readonly name: string;
  readonly use: 'in' | 'out';
  readonly min: number;
  /** A number, or `*`. */
  readonly max: string;
  readonly documentation: string;
  /** A FHIR type; absent where the parameter has parts. */
  readonly type?: string;
  /** What a parameter without a type is made of. */
  readonly part?: readonly OperationParameter[];
  readonly targetProfile?: readonly string[];
}

export type OperationTarget =
  | { readonly level: 'system' }
  | { readonly level: 'type'; readonly type: string }
  | { readonly level: 'instance'; readonly key: ResourceKey };

type InParameter<D extends OperationDefinition> = Extract<D['parameter'][number], { readonly use: 'in' }>;
type ValueOf<P extends OperationParameter> = P['type'] extends 'boolean'
  ? boolean
  : P['type'] extends 'integer' | 'decimal' | 'positiveInt' | 'unsignedInt'
    ? number
    : P['type'] extends 'string' | 'code' | 'uri' | 'canonical' | 'date' | 'dateTime' | 'instant' | 'id'
      ? string
      : P['type'] extends 'Resource'
        ? Resource
        : Json;
type Arity<P extends OperationParameter> = P['max'] extends '1'
  ? P['min'] extends 0
    ? ValueOf<P> | undefined
    : ValueOf<P>
  : readonly ValueOf<P>[];

/** The input as the definition promises it: a member a parameter, arrays where it repeats, undefined only where it may be absent. */
export type InputOf<D extends OperationDefinition> = { readonly [P in InParameter<D> as P['name']]: Arity<P> };

export interface OperationCall<Input> extends Call {
  readonly target: OperationTarget;
  readonly input: Input;
  readonly preferences: Preferences;
}

/** An operation as routes and the capability statement see it. */
export interface Operation {
  readonly definition: OperationDefinition;
  /** Reads the request where its form is not that of operations.html#request; by default operation/input.ts does. */
  readonly input?: (request: FhirRequest) => Readonly<Record<string, unknown>>;
  /** Answers `_summary` and `_elements`; where it does not they are refused. */
  readonly cutsDown?: boolean;
  /** `input` has been parsed against the definition by operation/input.ts. */
  handle(call: OperationCall<Readonly<Record<string, unknown>>>): Promise<Answer>;
}

/** Binds a handler to its definition; the handler's input type is read off the definition. */
export function operation<const D extends OperationDefinition>(
  definition: D,
  handle: (call: OperationCall<InputOf<D>>) => Promise<Answer>,
  options: Pick<Operation, 'cutsDown'> = {},
): Operation {
  return { ...options, definition, handle: (call) => handle(call as OperationCall<InputOf<D>>) };
}

/** As `operation`, for one whose requests have a form of their own, which `input` reads. */
export function operationReading<Input extends Readonly<Record<string, unknown>>>(
  definition: OperationDefinition,
  input: (request: FhirRequest) => Input,
  handle: (call: OperationCall<Input>) => Promise<Answer>,
): Operation {
  return { definition, input, handle: (call) => handle(call as OperationCall<Input>) };
}

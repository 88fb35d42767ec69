import type { Environment } from '../../fhir/fhirpath/environment.ts';
import type { TypeModel } from '../../fhir/fhirpath/model.ts';
import type { Issue } from '../../fhir/problem.ts';
import { isObject, type JsonObject, listOf } from '../../fhir/resource.ts';

/** A check of one value at the place that the run's path stack describes down to `depth`. */
export type Check = (value: unknown, run: Run, depth: number) => void;

/** Checks a member's value; `parent` is needed for the `_name` beside it. */
export type MemberCheck = (value: unknown, parent: Readonly<Record<string, unknown>>, run: Run, depth: number) => void;

export const EMPTY_ELEMENT = 'an element must have a value or children (ele-1); leave it out instead';

/**
 * State of one validation. The path is a stack that checks overwrite in place as they descend, so a valid resource
 * costs no path text; it is rendered only for an issue.
 */
export class Run {
  readonly names: string[] = [];
  /** Position in a list, -1 where the element does not repeat. */
  readonly indexes: number[] = [];
  /** Type of the object at each depth, with which extension contexts are compared. */
  readonly types: string[] = [];
  /** The resource that is checked, and the one that contains it or else itself. */
  resource: JsonObject;
  root: JsonObject;
  /** What invariants know beside their element: the same two as %resource and %rootResource. */
  environment: Environment;
  readonly #model: TypeModel;
  #contained: ReadonlyMap<unknown, JsonObject> | undefined;
  #issues: Issue[] | undefined;
  #errors = 0;

  constructor(resource: JsonObject, name: string, model: TypeModel) {
    this.#model = model;
    this.resource = resource;
    this.root = resource;
    this.environment = { model, resource, rootResource: resource };
    this.names[0] = name;
    this.indexes[0] = -1;
  }

  get issues(): readonly Issue[] {
    return this.#issues ?? NONE;
  }

  get errors(): number {
    return this.#errors;
  }

  /** Turns to another resource; `root` is the one that contains it or else itself. */
  turnTo(resource: JsonObject, root: JsonObject): void {
    if (this.resource === resource && this.root === root) return;
    this.resource = resource;
    if (this.root !== root) this.#contained = undefined;
    this.root = root;
    this.environment = { model: this.#model, resource, rootResource: root };
  }

  /** Resources contained in the root, by id. */
  get contained(): ReadonlyMap<unknown, JsonObject> {
    this.#contained ??= new Map(
      listOf(this.root['contained'])
        .filter(isObject)
        .map((resource) => [resource['id'], resource]),
    );
    return this.#contained;
  }

  /** Steps into a member that does not repeat. */
  enter(depth: number, name: string): void {
    this.names[depth] = name;
    this.indexes[depth] = -1;
  }

  /** No further issue will be kept, so none need be worded. */
  get full(): boolean {
    return this.#issues !== undefined && this.#issues.length >= MOST_ISSUES;
  }

  fail(depth: number, code: string, diagnostics: string): void {
    this.#errors += 1;
    if (this.full) return;
    this.add({ severity: 'error', code, diagnostics, expression: [this.path(depth)] });
  }

  warn(depth: number, code: string, diagnostics: string): void {
    this.add({ severity: 'warning', code, diagnostics, expression: [this.path(depth)] });
  }

  add(issue: Issue): void {
    if (this.#issues === undefined) this.#issues = [issue];
    else if (!this.full) this.#issues.push(issue);
  }

  /** FHIRPath of the element at `depth`, such as `Observation.component[1].valueQuantity`. */
  path(depth: number): string {
    let text = this.names[0] ?? '';
    for (let at = 1; at <= depth; at += 1) {
      const index = this.indexes[at] ?? -1;
      text += `.${this.names[at]}${index < 0 ? '' : `[${index}]`}`;
    }
    return text;
  }

  /** A second run at the same place, whose issues stay apart: asks whether something would be valid. */
  apart(depth: number): Run {
    const run = new Run(this.resource, this.names[0] ?? '', this.#model);
    run.turnTo(this.resource, this.root);
    for (let at = 0; at <= depth; at += 1) {
      run.names[at] = this.names[at] ?? '';
      run.indexes[at] = this.indexes[at] ?? -1;
      run.types[at] = this.types[at] ?? '';
    }
    return run;
  }
}

const NONE: readonly Issue[] = Object.freeze([]);

/** A hostile resource must not make an OperationOutcome larger than itself. */
const MOST_ISSUES = 200;

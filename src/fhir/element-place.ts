/** Where a walk through a resource is; the text of it is made only where it is told. */
export class ElementPlace {
  readonly #steps: (string | number)[] = [];

  enter(step: string | number): void {
    this.#steps.push(step);
  }

  leave(): void {
    this.#steps.pop();
  }

  /** From the resource: `.contact[0].name`; empty at the resource itself. */
  get text(): string {
    return textOf(this.#steps);
  }

  /** That of the element that this one is a member of. */
  get above(): string {
    return textOf(this.#steps.slice(0, -1));
  }
}

const textOf = (steps: readonly (string | number)[]): string =>
  steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');

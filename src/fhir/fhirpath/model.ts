/** What FHIRPath needs to know of the FHIR types. The conformance layer implements it; without one the engine goes by the shape of the JSON. */
export interface TypeModel {
  /**
   * The element of a type (`Observation`, `Quantity`, `Observation.component`) by its name, or by the JSON member of a choice:
   * both `value` and `valueQuantity` are answered. Undefined where the type or element is unknown. Answer the same object each time.
   */
  element(type: string, name: string): ElementModel | undefined;
  /** The type directly above: `Age` → `Quantity`, `code` → `string`, `Patient` → `DomainResource`, `Patient.contact` → `BackboneElement`. */
  base(type: string): string | undefined;
}

export interface ElementModel {
  /** Name in FHIRPath: `value` for `value` and for `valueQuantity` alike. */
  readonly name: string;
  /** Type name; a backbone element has its own path (`Patient.contact`); `Resource` where any resource may stand; absent for a choice asked by its name. */
  readonly type?: string;
  /** The JSON members that a choice may stand in, asked by its name. */
  readonly choices?: readonly ChoiceMember[];
}

export interface ChoiceMember {
  /** `valueQuantity` */
  readonly member: string;
  /** `Quantity` */
  readonly type: string;
}

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A logical id: 1–64 of `A-Z a-z 0-9 - .` (datatypes.html#id). */
export type ResourceId = Branded<'ResourceId'>;

/** `.` and `..` are no ids here: every client takes such segments out of a URL (RFC 3986, 5.2.4), so what is there is never reached. */
const ID = /^(?!\.{1,2}$)[A-Za-z0-9\-.]{1,64}$/;

/** The text as a logical id, or undefined where it is not one. */
export const resourceId = (text: string): ResourceId | undefined => (ID.test(text) ? (text as ResourceId) : undefined);

/** Where a resource is: type and logical id, without a version. */
export interface ResourceKey {
  readonly type: string;
  readonly id: string;
}

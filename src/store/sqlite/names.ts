/** What the name table numbers: types, and sets of parameters of a type that share a value. */
export const typeName = (type: string): string => `T|${type}`;
export const setName = (type: string, members: string): string => `S|${type}|${members}`;

/** Type and parameters of a set's name; undefined for the name of a type. */
export function setMembers(name: string): { readonly type: string; readonly params: readonly string[] } | undefined {
  const [kind, type, members] = name.split('|');
  if (kind !== 'S' || type === undefined || members === undefined) return undefined;
  return { type, params: members.split(',') };
}

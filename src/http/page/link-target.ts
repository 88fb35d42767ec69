const RELATIVE = /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}(\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/** Where a reference or url of a resource leads on this server; undefined where it leads elsewhere or nowhere. */
export const linkTarget = (value: string, base: string | undefined): string | undefined => {
  if (base === undefined) return undefined;
  if (RELATIVE.test(value)) return `${base}/${value}`;
  return value.startsWith(`${base}/`) || value.startsWith(`${base}?`) ? value : undefined;
};

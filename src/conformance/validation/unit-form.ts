const FACTOR = String.raw`(?:\d+(?:\*\d+)?\.)?`;
const PREFIX = '(?:da|[YZEPTGMkhdcmunpfazy])?';
const ANNOTATION = String.raw`(?:\{[^{}]*\})?`;
const unit = (atoms: string): RegExp => new RegExp(`^${FACTOR}(?:${atoms})${ANNOTATION}$`);

const TIME = {
  form: unit(`${PREFIX}s|min|h|d|wk|mo(?:_[sjg])?|a(?:_[tjg])?`),
  what: 'a unit of time of UCUM, such as min, h, d, wk, mo or a',
};

/** UCUM's codes that the units of a type must be among (the maxValueSets all-time-units and all-distance-units). */
export const UNIT_FORMS: ReadonlyMap<string, { readonly form: RegExp; readonly what: string }> = new Map([
  ['Age', TIME],
  ['Duration', TIME],
  [
    'Distance',
    {
      form: unit(String.raw`${PREFIX}(?:m|pc)|AU|Ao|\[[a-z_]+\]`),
      what: 'a unit of length of UCUM, such as mm, m or km',
    },
  ],
]);

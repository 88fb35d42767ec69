const MEASURES = [
  ['8867-4', 'Heart rate', '/min'],
  ['8867-4', 'Heart rate', '/min'],
  ['8867-4', 'Heart rate', '/min'],
  ['9279-1', 'Respiratory rate', '/min'],
  ['8310-5', 'Body temperature', 'Cel'],
] as const;
const two = (n: number): string => String(n).padStart(2, '0');

/** Which Observation it is: `serial` counts all, `nth` those of the patient; `nth` decides measure and year. */
export interface Place {
  readonly patient: string;
  readonly serial: number;
  readonly nth: number;
  readonly value: number;
}

/** A vital sign as a bedside monitor sends it. Of each patient's hundred, sixty are heart rates, half of them of 2026. */
export const observation = ({ patient, serial, nth, value }: Place) => {
  const [code, display, unit] = MEASURES[nth % 5] ?? MEASURES[0];
  return {
    resourceType: 'Observation',
    status: 'final',
    identifier: [{ system: 'urn:novamind:bench', value: `o-${serial}` }],
    category: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/observation-category',
            code: 'vital-signs',
            display: 'Vital Signs',
          },
        ],
      },
    ],
    code: { coding: [{ system: 'http://loinc.org', code, display }], text: display },
    subject: { reference: `Patient/${patient}` },
    effectiveDateTime: `${nth % 2 ? 2025 : 2026}-${two(1 + (serial % 9))}-${two(1 + (serial % 28))}T${two(serial % 24)}:${two(serial % 60)}:${two((serial * 7) % 60)}Z`,
    valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit },
    note: [{ text: 'Taken at rest, sitting, left wrist, by the bedside monitor.' }],
  };
};

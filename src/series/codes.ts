/** Codes of the wearable measures, in one place. LOINC where it has one (ML-REFERENCE's checked list), else our own code system. */
export const LOINC = 'http://loinc.org';
export const UCUM = 'http://unitsofmeasure.org';
/** Canonical root of everything that NovaMind defines. */
export const CANONICAL = 'https://novamind.health/fhir';
export const WEARABLE = `${CANONICAL}/CodeSystem/wearable-measure`;

export interface Code {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}
const loinc = (code: string, display: string): Code => ({ system: LOINC, code, display });
const own = (code: string, display: string): Code => ({ system: WEARABLE, code, display });

export const HEART_RATE = loinc('8867-4', 'Heart rate');
export const RESTING_HEART_RATE = loinc('40443-4', 'Heart rate --resting');
export const STEPS = loinc('41950-7', 'Number of steps in 24 hour Measured');
export const SLEEP_DURATION = loinc('93832-4', 'Sleep duration');
export const REM_SLEEP = loinc('93829-0', 'REM sleep duration');
export const LIGHT_SLEEP = loinc('93830-8', 'Light sleep duration');
export const DEEP_SLEEP = loinc('93831-6', 'Deep sleep duration');
export const TIME_IN_BED = own('time-in-bed', 'Time in bed');
export const WAKE_AFTER_SLEEP_ONSET = own('wake-after-sleep-onset', 'Wake after sleep onset');
export const SLEEP_STAGES = own('sleep-stages', 'Sleep stages by 30-second epoch (0 wake, 1 light, 2 deep, 3 REM)');
export const ACTIVITY_COUNT = own('activity-count', 'Activity counts a minute (actigraphy)');
export const ACTIVE_MINUTES = own('active-minutes', 'Minutes of the day by intensity of activity');
export const SEDENTARY_MINUTES = own('sedentary-minutes', 'Sedentary minutes');
export const LIGHTLY_ACTIVE_MINUTES = own('lightly-active-minutes', 'Lightly active minutes');
export const MODERATELY_ACTIVE_MINUTES = own('moderately-active-minutes', 'Moderately active minutes');
export const VERY_ACTIVE_MINUTES = own('very-active-minutes', 'Very active minutes');

/** Items 1–9, in order. */
export const PHQ9_ITEMS = [
  '44250-9',
  '44255-8',
  '44259-0',
  '44254-1',
  '44251-7',
  '44258-2',
  '44252-5',
  '44253-3',
  '44260-8',
] as const;

export const DAILY_WELLNESS_QUESTIONNAIRE = `${CANONICAL}/Questionnaire/daily-wellness`;
export const PHQ9_QUESTIONNAIRE = `${CANONICAL}/Questionnaire/phq-9`;

/** What each number of a digital twin is, and the sections that hold them. */
export const TWIN_FIGURE = `${CANONICAL}/CodeSystem/twin-figure`;

import { readFileSync } from 'node:fs';

/** One day of the recorded person (PMData, CC BY 4.0; scripts/excerpt-pmdata.mjs cut it out). */
export interface RecordedDay {
  readonly date: string;
  /** `start` is local time without zone; `epochs` one stage digit for every 30 s. */
  readonly sleep?: { readonly start: string; readonly epochs: string };
  readonly restingHeartRate?: number;
  readonly activeMinutes: {
    readonly sedentary?: number;
    readonly lightly_active?: number;
    readonly moderately_active?: number;
    readonly very_active?: number;
  };
  readonly report?: {
    readonly time: string;
    readonly mood: number;
    readonly stress: number;
    readonly fatigue: number;
    readonly sleep_quality: number;
    readonly soreness: number;
    readonly readiness: number;
  };
}
export interface Recording {
  readonly source: string;
  readonly licence: string;
  readonly attribution: string;
  readonly days: readonly RecordedDay[];
}

/** The recording moved so that its last day is `today` (`YYYY-MM-DD`). */
export function recordingEndingOn(today: string, file: URL): Recording {
  const recording: Recording = JSON.parse(readFileSync(file, 'utf8'));
  const last = recording.days.at(-1)?.date ?? today;
  const shift = Date.parse(today) - Date.parse(last);
  const moved = (date: string): string => new Date(Date.parse(date) + shift).toISOString().slice(0, 10);
  return {
    ...recording,
    days: recording.days.map((day) => ({
      ...day,
      date: moved(day.date),
      ...(day.sleep && {
        sleep: { ...day.sleep, start: `${moved(day.sleep.start.slice(0, 10))}${day.sleep.start.slice(10)}` },
      }),
    })),
  };
}

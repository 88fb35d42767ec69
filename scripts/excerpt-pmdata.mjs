// Cuts the demo's recording out of PMData (CC BY 4.0): four weeks of participant p06, who is in no model's training set.
//   node scripts/excerpt-pmdata.mjs [../shared/data/pmdata]      writes demo/recording.json
import { readFileSync, writeFileSync } from 'node:fs';

const folder = process.argv[2] ?? '../shared/data/pmdata';
const PERSON = 'p06';
const FIRST = '2020-01-13';
const DAYS = 28;
const dates = Array.from({ length: DAYS }, (_, i) =>
  new Date(Date.parse(FIRST) + i * 86_400_000).toISOString().slice(0, 10),
);
const json = (name) => JSON.parse(readFileSync(`${folder}/${PERSON}/fitbit/${name}.json`, 'utf8'));
const byDate = (name, read) => new Map(json(name).map((row) => [row.dateTime.slice(0, 10), read(row.value)]));

const restingHeartRate = byDate('resting_heart_rate', (value) => value.value);
const minutes = Object.fromEntries(
  ['sedentary', 'lightly_active', 'moderately_active', 'very_active'].map((name) => [
    name,
    byDate(`${name}_minutes`, Number),
  ]),
);
const sleep = new Map(
  json('sleep')
    .filter((log) => log.mainSleep && log.type === 'stages')
    .map((log) => [log.dateOfSleep, log]),
);
const [header, ...lines] = readFileSync(`${folder}/${PERSON}/pmsys/wellness.csv`, 'utf8').trim().split('\n');
const columns = header.split(',');
const wellness = new Map(
  lines.map((line) => {
    // soreness_area holds commas in brackets; the columns used stand before it or last.
    const cells = line.replace(/"?\[[^\]]*\]"?/, '').split(',');
    const row = Object.fromEntries(columns.map((column, i) => [column, cells[i]]));
    return [row.effective_time_frame.slice(0, 10), row];
  }),
);

/** Stage of each 30-second epoch from the log's start: the long runs, then the short wakes laid over them. */
function epochs(log) {
  const start = Date.parse(`${log.startTime.replace(' ', 'T').slice(0, 19)}Z`);
  const code = { wake: 0, light: 1, deep: 2, rem: 3 };
  const stages = new Array(Math.round(log.duration / 30_000)).fill(0);
  for (const run of [...log.levels.data, ...(log.levels.shortData ?? [])]) {
    const from = Math.round((Date.parse(`${run.dateTime.slice(0, 19)}Z`) - start) / 30_000);
    stages.fill(code[run.level], from, from + Math.round(run.seconds / 30));
  }
  return stages.join('');
}

const days = dates.map((date) => {
  const log = sleep.get(date);
  const report = wellness.get(date);
  const resting = restingHeartRate.get(date);
  return {
    date,
    ...(log && { sleep: { start: log.startTime.replace(' ', 'T').slice(0, 19), epochs: epochs(log) } }),
    // PMData writes a missing resting heart rate as 0.
    ...(resting > 0 && { restingHeartRate: Number(resting.toFixed(1)) }),
    activeMinutes: Object.fromEntries(
      Object.entries(minutes).flatMap(([name, values]) => (values.has(date) ? [[name, values.get(date)]] : [])),
    ),
    ...(report && {
      report: {
        time: report.effective_time_frame.slice(11, 19),
        ...Object.fromEntries(
          ['mood', 'stress', 'fatigue', 'sleep_quality', 'soreness', 'readiness'].map((name) => [
            name,
            Number(report[name]),
          ]),
        ),
      },
    }),
  };
});
const excerpt = {
  source: 'PMData, participant p06, 2020-01-13 to 2020-02-09',
  licence: 'CC BY 4.0, https://creativecommons.org/licenses/by/4.0/',
  attribution:
    'Thambawita V. et al. PMData: a sports logging dataset. ACM MMSys 2020, doi 10.1145/3339825.3394926. Changes: four weeks of one participant, main sleeps only, rounded.',
  stages: '0 wake, 1 light, 2 deep, 3 REM; one character an epoch of 30 s',
  days,
};
writeFileSync('demo/recording.json', `${JSON.stringify(excerpt, null, 1)}\n`);
console.log(
  `${days.length} days, ${days.filter((day) => day.sleep).length} nights, ${days.filter((day) => day.restingHeartRate).length} resting heart rates, ${days.filter((day) => day.report).length} reports`,
);

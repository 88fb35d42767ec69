import { isObject, type Json, type JsonObject, listOf } from '../src/fhir/resource.ts';
import { TWIN_FIGURE } from '../src/series/codes.ts';
import { conceptText, text, type Told } from './account.ts';
import type { Client } from './client.ts';

/** Reads every version that is referred to; resolves to how many there are. @throws where one is not there. */
async function readAll(ehr: Client, references: readonly Json[]): Promise<number> {
  const distinct = new Set(references.map((reference) => (isObject(reference) ? text(reference['reference']) : '')));
  for (const reference of distinct) await ehr.expect([200], 'GET', reference);
  return distinct.size;
}

/** Reads the twin's figures and every version that they cite. @throws where a figure cites none, or one that is not there. */
export async function describeTwin(ehr: Client, patient: string, twin: JsonObject): Promise<Told> {
  const meta = isObject(twin['meta']) ? twin['meta'] : {};
  const page = await ehr.expect([200], 'GET', `Observation?subject=${patient}&code=${TWIN_FIGURE}|&_count=200`);
  const figures = listOf(page['entry']).flatMap((entry) =>
    isObject(entry) && isObject(entry['resource']) ? [entry['resource']] : [],
  );
  const cited = figures.filter(
    (figure) =>
      listOf(figure['derivedFrom']).every(
        (source) => isObject(source) && /\/_history\/\d+$/.test(String(source['reference'])),
      ) && listOf(figure['derivedFrom']).length > 0,
  );
  if (figures.length === 0 || cited.length !== figures.length)
    throw new Error(`${figures.length - cited.length} of ${figures.length} figures cite no versioned source`);
  const sources = await readAll(
    ehr,
    figures.flatMap((figure) => listOf(figure['derivedFrom'])),
  );
  const show = (code: string): readonly string[] =>
    figures
      .filter((figure) => JSON.stringify(figure['code']).includes(`"${code}"`))
      .slice(0, 1)
      .map((figure) => {
        const value = isObject(figure['valueQuantity']) ? figure['valueQuantity'] : {};
        return `${text(isObject(figure['code']) ? figure['code']['text'] : '')}: ${String(value['value'])} ${String(value['unit']).replace(/^(1|\{score\})$/, '')}`.trim();
      });
  return {
    title: 'Digital twin ($generate-twin)',
    lines: [
      `Composition/${String(twin['id'])}, version ${String(meta['versionId'])}: ${figures.length} figures, each citing the versions of the recordings behind it (${sources} in all, every one of them read)`,
      ...[
        'sleep-duration',
        'sleep-regularity-index',
        'resting-heart-rate',
        'interdaily-stability',
        'relative-amplitude',
        'mood',
        'phq9-total',
      ].flatMap(show),
    ],
  };
}

/** @throws where the prediction has no probability or no basis, or is not what was stored. */
export async function predict(ehr: Client, patient: string): Promise<Told> {
  const risk = await ehr.expect([200, 201], 'POST', `${patient}/$predict`, { resourceType: 'Parameters' });
  const prediction = listOf(risk['prediction']).find(isObject);
  const probability = prediction?.['probabilityDecimal'];
  if (
    risk['resourceType'] !== 'RiskAssessment' ||
    typeof probability !== 'number' ||
    listOf(risk['basis']).length === 0
  )
    throw new Error('the prediction has no probability or no basis');
  const stored = await ehr.expect([200], 'GET', `RiskAssessment/${String(risk['id'])}`);
  if (JSON.stringify(stored) !== JSON.stringify(risk)) throw new Error('the prediction is not what was stored');
  await readAll(ehr, listOf(risk['basis']));
  const method = isObject(stored['method']) ? stored['method'] : {};
  return {
    title: 'Prediction ($predict): an XGBoost model in ONNX',
    lines: [
      `RiskAssessment/${String(risk['id'])}: probability ${probability}, ${conceptText(prediction?.['qualitativeRisk'])}`,
      `Of: ${conceptText(prediction?.['outcome'])}`,
      `By: ${conceptText(method)}; basis: ${listOf(risk['basis']).length} versioned resources. Its limits are in the model card, models/*/card.md`,
    ],
  };
}

/** @throws where the note is no preliminary draft, or says anything without a source that can be read. */
export async function describeNote(ehr: Client, note: JsonObject): Promise<Told> {
  const attachment = listOf(note['content']).flatMap((content) =>
    isObject(content) && isObject(content['attachment']) ? [content['attachment']] : [],
  )[0];
  const draft = Buffer.from(text(attachment?.['data']), 'base64').toString();
  const [, said = ''] = /\n\n(?:Figures cover [^\n]*\n\n)?([\s\S]*)\n\nSources\n/.exec(draft) ?? [];
  const sentences = said.split('\n').filter((line) => /[.!?]\s*$/.test(line));
  const context = isObject(note['context']) ? note['context'] : {};
  const sources = await readAll(ehr, listOf(context['related']));
  if (note['docStatus'] !== 'preliminary' || sources === 0)
    throw new Error('the note is not a cited preliminary draft');
  const bare = sentences.find((sentence) => !/\[\d+(?:, ?\d+)*\]/.test(sentence));
  if (sentences.length === 0 || bare !== undefined)
    throw new Error(`the note says without a source: ${bare ?? 'nothing'}`);
  return {
    title: 'Note ($draft-note)',
    lines: [
      `DocumentReference/${String(note['id'])}, docStatus preliminary. ${text(note['description'])} Every sentence cites one of ${sources} sources`,
      ...draft
        .split('\n')
        .filter((line) => line !== '')
        .slice(0, 14),
    ],
  };
}

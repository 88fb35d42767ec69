import { parseArgs } from 'node:util';
import { parseScope, scopeList } from './access/scope.ts';
import { type Config, ConfigError, loadConfig } from './config.ts';
import { resourceId } from './fhir/ids.ts';
import { loadJwtKey } from './keys.ts';
import { issueAccessToken } from './smart/access-token.ts';

const USAGE =
  'usage: npm run --silent token -- --scope "system/*.cruds" [--patient ID] [--user Practitioner/ID] [--client NAME] [--expires-in SECONDS]';
const DAY = 86_400;

/** `npm run token`: prints an access token for development and test, and nothing else; needs no running server. */
async function main(args: readonly string[]): Promise<string> {
  const config = loadConfig();
  if (config.ENVIRONMENT !== 'development' && config.ENVIRONMENT !== 'test') {
    throw new ConfigError(`ENVIRONMENT is ${config.ENVIRONMENT}: tokens are made here in development and test only`);
  }
  return tokenFor(config, args);
}

function tokenFor(config: Config, args: readonly string[]): Promise<string> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scope: { type: 'string' },
      patient: { type: 'string' },
      user: { type: 'string' },
      client: { type: 'string', default: 'token-command' },
      'expires-in': { type: 'string', default: String(DAY) },
    },
  });
  const { scope, patient, user, client, 'expires-in': lifetime } = values;
  if (scope === undefined) throw new ConfigError(`--scope is missing; ${USAGE}`);
  if (!scopeList(scope).some(parseScope))
    throw new ConfigError(`--scope holds no scope such as system/*.cruds: ${scope}`);
  if (patient !== undefined && !resourceId(patient)) throw new ConfigError('--patient must be a logical id');
  if (patient === undefined && scopeList(scope).some((text) => parseScope(text)?.level === 'patient')) {
    throw new ConfigError('--patient is missing: a patient/ scope needs the patient in context');
  }
  if (
    user !== undefined &&
    !/^(Practitioner|PractitionerRole|Patient|RelatedPerson|Person)\/[A-Za-z0-9\-.]{1,64}$/.test(user)
  ) {
    throw new ConfigError('--user must be a reference such as Practitioner/1');
  }
  if (!/^[1-9]\d{0,8}$/.test(lifetime)) throw new ConfigError('--expires-in must be a number of seconds');
  return issueAccessToken(
    { issuer: config.JWT_ISSUER, audience: config.fhirBase, key: loadJwtKey(config) },
    { client, scope, ...(patient !== undefined && { patient }), ...(user !== undefined && { user }) },
    Number(lifetime),
    Date.now(),
  );
}

try {
  process.stdout.write(`${await main(process.argv.slice(2))}\n`);
} catch (error) {
  process.stderr.write(`token: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}\n`);
  process.exitCode = 1;
}

import { Problem } from '../../fhir/problem.ts';
import type { CodeSystem } from './code-system.ts';
import { NotHeld } from './not-held.ts';
import { canonicalParts, withVersion } from './read.ts';
import type { Terminology } from './terminology.ts';

const WAYS = ['force-system-version', 'check-system-version', 'system-version'] as const;
type Way = (typeof WAYS)[number];
export type VersionsAsked = Readonly<Record<Way, readonly string[]>>;

/** The version of a code system to take; `by` is the parameter that asks for it, where it is not the value set. */
export interface Taken {
  readonly version: string | undefined;
  readonly by?: Way;
}

/**
 * Versions of code systems that a client asks for as `[system]|[version]` (valueset-operation-expand.html): by default,
 * instead of what value sets state, or by default with value sets that state another refused.
 */
export class SystemVersions {
  static readonly none = new SystemVersions({
    'force-system-version': [],
    'check-system-version': [],
    'system-version': [],
  });
  readonly #asked: Readonly<Record<Way, ReadonlyMap<string, string>>>;

  /** @throws Problem `invalid` where one states no version, or two different ones are of one system */
  constructor(asked: VersionsAsked) {
    this.#asked = {
      'force-system-version': byUrl('force-system-version', asked),
      'check-system-version': byUrl('check-system-version', asked),
      'system-version': byUrl('system-version', asked),
    };
  }

  /** @throws Problem `invalid` where the value set states another version than it is checked for */
  taken(url: string, stated: string | undefined): Taken {
    const by = WAYS.find((way) => this.#asked[way].has(url));
    if (by === undefined || (by === 'system-version' && stated !== undefined)) return { version: stated };
    const version = this.#asked[by].get(url);
    if (by === 'check-system-version' && stated !== undefined && stated !== version)
      throw invalid(by, `The value set takes '${url}' in version '${stated}', not '${version}'`);
    return version === stated ? { version } : { version, by };
  }

  /**
   * The code system in a version that a parameter asks for.
   * @throws NotHeld where none is known, Problem `invalid` where it is known in another version alone
   */
  static held(terminology: Terminology, url: string, { version, by = 'system-version' }: Taken): CodeSystem {
    const system = terminology.codeSystem(withVersion(url, version));
    if (system?.hasConcepts) return system;
    const other = terminology.codeSystem(url)?.version;
    if (other === undefined || other === version) throw new NotHeld('CodeSystem', url, version, by);
    throw invalid(by, `'${url}' is known here in version '${other}', not '${version}'`);
  }
}

function invalid(way: Way, diagnostics: string): Problem {
  return new Problem('invalid', diagnostics, { expression: [way] });
}

function byUrl(way: Way, asked: VersionsAsked): ReadonlyMap<string, string> {
  const versions = new Map<string, string>();
  for (const canonical of asked[way]) {
    const { url, version } = canonicalParts(canonical);
    if (version === undefined || version === '' || url === '')
      throw invalid(way, `${way} takes [system]|[version], not '${canonical}'`);
    const other = versions.get(url);
    if (other !== undefined && other !== version)
      throw invalid(way, `${way} states '${url}' in two versions, '${other}' and '${version}'`);
    versions.set(url, version);
  }
  return versions;
}

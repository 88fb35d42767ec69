/** The layers of the house, lowest first; a folder may import its own row and those below. See docs/decisions/0001-layers.md. */
const LAYERS = [
  ['src/fhir'],
  ['src/conformance'],
  ['src/search'],
  ['src/store'],
  ['src/access'],
  ['src/series'],
  ['src/prediction', 'src/language-model', 'src/rules'],
  ['src/subscriptions', 'src/messaging'],
  ['src/interactions'],
  ['src/operation'],
  ['src/smart'],
  ['src/http'],
];

const upward = LAYERS.flatMap((row, level) =>
  row.map((folder) => ({
    name: `only-down-from-${folder.slice(4)}`,
    severity: 'error',
    from: { path: `^${folder}/` },
    to: {
      path: [...LAYERS.slice(level + 1).flat(), ...row.filter((beside) => beside !== folder), 'operations'].map(
        (above) => `^${above}/`,
      ),
    },
  })),
);

/** Each driver has one home. */
const HOMES = {
  '@photostructure/sqlite': '^src/store/sqlite/',
  '(mongoose|mongodb)': '^src/store/mongo/',
  '(express|helmet|express-rate-limit|passport|passport-jwt)': '^src/http/',
  'onnxruntime-(node|common)': '^src/prediction/',
  openai: '^src/language-model/',
  graphql: '^operations/graphql/',
  'swagger-ui-dist': '^src/http/',
};

module.exports = {
  forbidden: [
    ...upward,
    ...Object.entries(HOMES).map(([name, home]) => ({
      name: `one-home-for-${name.replace(/\W/g, '')}`,
      severity: 'error',
      from: { path: '^(src|operations)/', pathNot: home },
      to: { path: `node_modules/${name}/` },
    })),
    {
      // What lies beside the folders builds the world; main.ts is above everything.
      name: 'only-the-root-knows-the-root',
      severity: 'error',
      from: { path: '^(src/[^/]+/|operations/)' },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'stores-never-meet',
      severity: 'error',
      from: { path: '^src/store/(sqlite|mongo)/' },
      to: { path: '^src/store/(sqlite|mongo)/', pathNot: '^src/store/$1/' },
    },
    {
      name: 'only-main-knows-operations',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/main\\.ts$' },
      to: { path: '^operations/' },
    },
    {
      name: 'operations-never-import-each-other',
      severity: 'error',
      from: { path: '^operations/([^/]+)/' },
      to: { path: '^operations/[^/]+/', pathNot: '^operations/$1/' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: { path: '^(src|operations)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};

// What each part may import, as drawn in docs/architecture.md. An `import type` is a dependency, too.
// scripts/walls.test.ts plants a violation of each rule and checks that the rule reports it.

const SRC = '^apps/server/src/'
const SLICE = '(?:auth|accounts|billing|events|mail|service|admin)'
const TEST = '(?:\\.test\\.tsx?$|/test/)'
/** Matches npm packages by name, wherever pnpm put them. */
const vendor = (...names) => `node_modules/(?:${names.join('|')})/`

/**
 * Keeps the rooms below `base` in order, the ground first: a file may import its own room and the rooms before it.
 *
 * A room is a folder (`state`), or the files directly in `base` that match a name (`ids.ts`, `*.entity.ts`).
 * A file belongs to the first room that matches, so `*.ts` at the end means all other files directly in `base`.
 * Rooms in an inner array may not import each other. A room missing from the list may not be imported. Tests may
 * import anything.
 */
function rooms(name, base, order) {
  const pathOf = (room) =>
    base + (room.endsWith('.ts') ? `${room.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$` : `${room}/`)
  const comment = `A room may import only the rooms before it: ${order.map(String).join(' < ')}.`
  return order.flatMap((floor, index) => {
    const before = order.slice(0, index).flat().map(pathOf)
    return [floor].flat().map((room) => ({
      name,
      comment,
      severity: 'error',
      from: { path: pathOf(room), pathNot: [...before, TEST] },
      to: { path: base, pathNot: [...before, pathOf(room)] },
    }))
  })
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Merge two files that import each other, or move what both need to a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'slices-meet-at-the-front-door',
      comment: 'Import another slice only through its index.ts. Schemas may import its schemas directly.',
      severity: 'error',
      from: { path: `${SRC}([^/]+)/`, pathNot: ['\\.schemas\\.ts$', `${SRC}rest/`] },
      to: { path: `${SRC}${SLICE}/`, pathNot: [`${SRC}$1/`, `${SRC}${SLICE}/index\\.ts$`] },
    },
    {
      name: 'root-uses-front-doors',
      severity: 'error',
      from: { path: `${SRC}[^/]+\\.ts$` },
      to: { path: [`${SRC}${SLICE}/`, `${SRC}(?:rest|extension)/`], pathNot: '/index\\.ts$' },
    },
    {
      name: 'rest-stands-on-the-router',
      comment: 'REST is another form of the typed API: it may import only the router, schemas and error classes.',
      severity: 'error',
      from: { path: `${SRC}rest/`, pathNot: TEST },
      to: {
        path: [`${SRC}[^/]+\\.ts$`, `${SRC}[^/]+/`],
        pathNot: [`${SRC}(?:platform|rest)/`, `${SRC}router\\.ts$`, '\\.(?:errors|schemas)\\.ts$'],
      },
    },
    {
      name: 'only-app-imports-rest',
      severity: 'error',
      from: { path: SRC, pathNot: [TEST, `${SRC}rest/`, `${SRC}app\\.ts$`] },
      to: { path: `${SRC}rest/` },
    },
    {
      name: 'extension-stands-on-the-slices',
      comment: 'It gives a configuration guards, usage and mails through their front doors, and knows no root.',
      severity: 'error',
      from: { path: `${SRC}extension/`, pathNot: TEST },
      to: {
        path: SRC,
        pathNot: [
          `${SRC}(?:extension|platform)/`,
          `${SRC}(?:accounts|billing|mail)/index\\.ts$`,
          `${SRC}billing/[^/]+\\.schemas\\.ts$`,
        ],
      },
    },
    {
      name: 'only-the-root-imports-extension',
      comment: 'Slices and platform work with or without a configuration. They get its fields and mails as values.',
      severity: 'error',
      from: { path: `${SRC}[^/]+/`, pathNot: [TEST, `${SRC}(?:extension|verbs)/`] },
      to: { path: `${SRC}extension/` },
    },
    {
      name: 'verbs-use-the-extension-front-door',
      severity: 'error',
      from: { path: `${SRC}verbs/`, pathNot: TEST },
      to: { path: `${SRC}extension/`, pathNot: `${SRC}extension/index\\.ts$` },
    },
    ...rooms('extension-rooms-in-order', `${SRC}extension/`, [
      '*.schemas.ts',
      '*.queues.ts',
      ['database', 'loading'],
      'kit',
      ['jobs', 'hooks'],
      'index.ts',
    ]),
    {
      name: 'console-server-stands-on-the-platform',
      comment: 'It hands out the files of the console and knows nothing of the product.',
      severity: 'error',
      from: { path: `${SRC}console/`, pathNot: TEST },
      to: { path: SRC, pathNot: `${SRC}(?:platform|console)/` },
    },
    {
      name: 'slices-know-no-root',
      comment: 'A slice gets process-lifetime objects through its factory, not from deps.ts or config.ts.',
      severity: 'error',
      from: { path: `${SRC}${SLICE}/`, pathNot: TEST },
      to: { path: [`${SRC}[^/]+\\.ts$`, `${SRC}verbs/`] },
    },
    {
      name: 'platform-knows-no-slice',
      severity: 'error',
      from: { path: `${SRC}platform/`, pathNot: TEST },
      to: { path: [`${SRC}${SLICE}/`, `${SRC}[^/]+\\.ts$`, `${SRC}verbs/`] },
    },
    ...rooms('platform-rooms-in-order', `${SRC}platform/`, [
      ['service-scopes.schemas.ts', 'without-rows.ts'],
      [
        'brand',
        'caller.ts',
        'clock.ts',
        'csv.ts',
        'durations.ts',
        'log.ts',
        'metrics.ts',
        'money.ts',
        'reserved-domain.ts',
      ],
      ['billing-clock.ts', 'until-stopped.ts'],
      'errors',
      'database',
      'jobs',
      'retention',
      'limits',
      'scope.ts',
      ['audit', 'http'],
      'rpc',
      '*.ts',
    ]),
    {
      name: 'mail-knows-no-slice',
      comment: 'Slices import in one direction: admin → service → events → billing → accounts → auth → mail.',
      severity: 'error',
      from: { path: `${SRC}mail/`, pathNot: TEST },
      to: { path: `${SRC}(?:auth|accounts|billing|events|service|admin)/` },
    },
    ...rooms('billing-rooms-in-order', `${SRC}billing/`, [
      '*.schemas.ts',
      ['*.retention.ts', '*.settings.ts'],
      '*.errors.ts',
      '*.queues.ts',
      '*.entity.ts',
      'providers',
      '*-scope.ts',
      'access',
      ['plans', 'usage'],
      'plans-file',
      ['customers', 'mails'],
      ['discounts', 'dunning', 'history', 'metering', 'payments', 'subscriptions'],
      ['converge', 'overrides'],
      ['cards', 'changes', 'checkout', 'seats'],
      ['events', 'switches', 'recovery'],
      'upkeep',
      'recheck',
      'moves',
      '*.ts',
    ]),
    {
      name: 'auth-knows-no-accounts',
      comment: 'Slices import in one direction: admin → service → events → billing → accounts → auth → mail.',
      severity: 'error',
      from: { path: `${SRC}auth/`, pathNot: TEST },
      to: { path: `${SRC}(?:accounts|billing|events|service|admin)/` },
    },
    {
      name: 'accounts-know-no-billing',
      comment: 'Slices import in one direction: admin → service → events → billing → accounts → auth → mail.',
      severity: 'error',
      from: { path: `${SRC}accounts/`, pathNot: TEST },
      to: { path: `${SRC}(?:billing|events|service|admin)/` },
    },
    ...rooms('accounts-rooms-in-order', `${SRC}accounts/`, [
      ['*.entity.ts', '*.errors.ts', '*.queues.ts', '*.retention.ts', '*.schemas.ts', '*.settings.ts'],
      'accounts-scope.ts',
      ['roles', 'contacts'],
      'organizations',
      'members',
      'invitations',
      '*.router.ts',
      'index.ts',
    ]),
    ...rooms('auth-rooms-in-order', `${SRC}auth/`, [
      ['*.entity.ts', '*.errors.ts', '*.queues.ts', '*.retention.ts', '*.schemas.ts', '*.settings.ts'],
      ['providers', 'credentials'],
      'auth-scope.ts',
      ['links', 'revocations', 'sessions'],
      'accounts',
      ['identities', 'recovery'],
      ['*.router.ts', '*.routes.ts'],
      'index.ts',
    ]),
    {
      name: 'billing-knows-no-admin',
      comment: 'Slices import in one direction: admin → service → events → billing → accounts → auth → mail.',
      severity: 'error',
      from: { path: `${SRC}billing/`, pathNot: TEST },
      to: { path: `${SRC}(?:events|service|admin)/` },
    },
    {
      name: 'events-know-no-service',
      comment: 'Slices import in one direction: admin → service → events → billing → accounts → auth → mail.',
      severity: 'error',
      from: { path: `${SRC}events/`, pathNot: TEST },
      to: { path: `${SRC}(?:service|admin)/` },
    },
    ...rooms('events-rooms-in-order', `${SRC}events/`, [
      ['*.errors.ts', '*.retention.ts', '*.schemas.ts'],
      ['*.entity.ts', '*.queues.ts', '*.settings.ts'],
      'events-scope.ts',
      'record',
      ['feed', 'outbound'],
      'webhooks-scope.ts',
      'endpoints',
      'deliveries',
      '*.ts',
    ]),
    {
      name: 'service-knows-no-admin',
      comment: 'Slices import in one direction: admin → service → events → billing → accounts → auth → mail.',
      severity: 'error',
      from: { path: `${SRC}service/`, pathNot: TEST },
      to: { path: `${SRC}admin/` },
    },
    ...rooms('service-rooms-in-order', `${SRC}service/`, [
      ['*.entity.ts', '*.errors.ts', '*.schemas.ts'],
      ['keys', 'facts'],
      '*.ts',
    ]),
    ...rooms('admin-rooms-in-order', `${SRC}admin/`, [
      ['*.entity.ts', '*.errors.ts', '*.queues.ts', '*.schemas.ts', 'admin-scope.ts'],
      'lists',
      ['figures', 'people', 'timeline', 'money', 'system'],
      '*.ts',
    ]),
    {
      name: 'doors-open-inwards',
      comment: 'Routers and routes import use cases, never the other way around.',
      severity: 'error',
      from: { path: `${SRC}${SLICE}/`, pathNot: [TEST, '/index\\.ts$', '\\.(?:router|routes)\\.ts$'] },
      to: { path: '\\.(?:router|routes)\\.ts$' },
    },
    {
      name: 'entities-stay-off-the-wire',
      severity: 'error',
      from: { path: '\\.(?:router|routes|schemas)\\.ts$' },
      to: { path: '\\.entity\\.ts$' },
    },
    {
      name: 'schemas-are-pure',
      comment:
        'Schemas describe the wire format and need only zod, and the rules of addresses, passwords, pictures and time zones.',
      severity: 'error',
      from: { path: '\\.schemas\\.ts$' },
      to: {
        pathNot: [
          '\\.schemas\\.ts$',
          `${SRC}platform/(?:reserved-domain|common-passwords|small-picture|time-zone)\\.ts$`,
          vendor('zod'),
        ],
      },
    },
    {
      name: 'queues-know-no-handler',
      comment: 'A sender imports the name and the schema of a job, never its handler.',
      severity: 'error',
      from: { path: '\\.queues\\.ts$' },
      to: { pathNot: ['\\.(?:schemas|queues)\\.ts$', `${SRC}platform/`, vendor('zod')] },
    },
    {
      name: 'use-cases-know-no-transport',
      severity: 'error',
      from: { path: `${SRC}${SLICE}/`, pathNot: [TEST, '\\.(?:router|routes)\\.ts$'] },
      to: { path: [vendor('express', '@trpc/[^/]+', 'cookie'), `${SRC}platform/(?:rpc/|http/http\\.ts$)`] },
    },
    {
      name: 'stripe-stays-behind-the-port',
      comment: 'Only its adapter talks to Stripe. The sandbox may use its types (see below).',
      severity: 'error',
      from: {
        path: '^(?:apps|packages)/',
        pathNot: [`${SRC}billing/providers/stripe/`, '^packages/stripe-sandbox/', TEST],
      },
      to: { path: vendor('stripe') },
    },
    {
      name: 'payment-providers-enter-by-the-port',
      comment:
        'Billing uses the port (payment-provider.ts), what each provider can do (capabilities.ts), which there are (provider-registry.ts), and grants (manual.ts). Only index.ts chooses adapters.',
      severity: 'error',
      from: { path: `${SRC}billing/`, pathNot: [TEST, `${SRC}billing/(?:providers/|index\\.ts$)`] },
      to: {
        path: `${SRC}billing/providers/`,
        pathNot: '/(?:payment-provider|capabilities|provider-registry|manual)\\.ts$',
      },
    },
    {
      name: 'the-port-knows-no-adapter',
      severity: 'error',
      from: { path: `${SRC}billing/providers/[^/]+\\.ts$`, pathNot: TEST },
      to: { path: `${SRC}billing/providers/[^/]+/` },
    },
    {
      name: 'payment-providers-know-not-each-other',
      severity: 'error',
      from: { path: `${SRC}billing/providers/([^/]+)/`, pathNot: TEST },
      to: { path: `${SRC}billing/providers/[^/]+/`, pathNot: `${SRC}billing/providers/$1/` },
    },
    {
      name: 'one-file-per-vendor',
      severity: 'error',
      from: {
        path: SRC,
        pathNot: [
          TEST,
          `${SRC}mail/smtp\\.ts$`,
          `${SRC}(?:deps|platform/jobs/jobs|platform/jobs/job-runner|platform/log)\\.ts$`,
          `${SRC}auth/credentials/(?:password|tokens)\\.ts$`,
          `${SRC}auth/providers/`,
        ],
      },
      to: { path: vendor('nodemailer', 'pg-boss', 'argon2', 'jsonwebtoken', 'openid-client', 'pino', 'pino-roll') },
    },
    {
      name: 'migrations-stand-alone',
      comment: 'An applied migration must never change its meaning, however the code changes.',
      severity: 'error',
      from: { path: `${SRC}migrations/[^/]+(?<!/index\\.ts)$` },
      to: { path: ['^apps/', '^packages/'] },
    },
    {
      name: 'the-server-needs-no-workspace-package',
      comment: 'Client, sandboxes, and the local stack are for tests and for other programs.',
      severity: 'error',
      from: { path: SRC, pathNot: TEST },
      to: { path: '^packages/' },
    },
    {
      name: 'apps-are-programs',
      comment: 'Apps are started, not imported.',
      severity: 'error',
      from: { path: '^((?:apps|packages)/[^/]+|scripts)/' },
      to: { path: '^apps/', pathNot: '^$1/' },
    },
    {
      name: 'client-stands-alone',
      severity: 'error',
      from: { path: '^packages/client/', pathNot: TEST },
      to: { path: ['^apps/', '^packages/(?!client/)', '^scripts/'] },
    },
    {
      name: 'config-imports-the-client-only',
      comment:
        'It is types for programs without this repository: no code of the server, and the client for names only.',
      severity: 'error',
      from: { path: '^packages/config/', pathNot: TEST },
      to: { path: ['^apps/', '^packages/(?!config/|client/)', '^scripts/'] },
    },
    {
      name: 'react-imports-the-client-only',
      severity: 'error',
      from: { path: '^packages/react/', pathNot: TEST },
      to: { path: ['^apps/', '^packages/(?!react/|client/)', '^scripts/'] },
    },
    {
      name: 'server-package-stands-alone',
      severity: 'error',
      from: { path: '^packages/server/', pathNot: TEST },
      to: { path: ['^apps/', '^packages/(?!server/)', '^scripts/'] },
    },
    {
      name: 'server-package-runs-without-node',
      comment: 'It also runs on Deno, Bun and edge runtimes, so it uses only what the web has.',
      severity: 'error',
      from: { path: '^packages/server/src/', pathNot: TEST },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'console-imports-the-client-only',
      severity: 'error',
      from: { path: '^apps/console/', pathNot: TEST },
      to: { path: '^packages/(?!client/)' },
    },
    ...rooms('console-rooms-in-order', '^apps/console/src/', [
      'settings.ts',
      'texts',
      ['api.ts', 'words'],
      'parts',
      'session',
      'accounts',
      ['account', 'billing', 'shell'],
      'members',
      'pages',
      'admin/texts',
      'admin/navigation.ts',
      'admin/kit',
      'admin/money',
      ['admin/overview', 'admin/people', 'admin/programs', 'admin/system'],
    ]),
    {
      name: 'sandboxes-stand-alone',
      comment:
        'Shared code would give a sandbox the same bugs as the server. Tests of other clients may start a PostgreSQL.',
      severity: 'error',
      from: { path: '^(packages/[^/]+-sandbox)/', pathNot: '^packages/stripe-sandbox/test/clients/' },
      to: { path: ['^apps/', '^packages/'], pathNot: ['^$1/', '^packages/test-browser/'] },
    },
    ...rooms('stripe-sandbox-rooms-in-order', '^packages/stripe-sandbox/src/', [
      ['api-versions.ts', 'ids.ts', 'look.ts', 'money.ts', 'time.ts', 'wire.ts'],
      'settings.ts',
      'options.ts',
      'state',
      'taxes',
      ['amounts', 'events'],
      'resources',
      'versions',
      'webhooks',
      'http',
      'payments',
      'discounts',
      'billing',
      ['checkout', 'credit-notes'],
      ['clock', 'portal'],
      ['pages', 'routes'],
      ['control', 'stripe-js'],
      '*.ts',
    ]),
    ...rooms('paymob-sandbox-rooms-in-order', '^packages/paymob-sandbox/src/', [
      ['ids.ts', 'look.ts', 'money.ts', 'dates.ts', 'settings.ts'],
      ['compare', 'state'],
      ['clock', 'resources'],
      'callbacks',
      'payments',
      'subscriptions',
      'checkout',
      'http',
      ['pages', 'routes'],
      'control',
      '*.ts',
    ]),
    {
      name: 'test-browser-is-for-tests',
      severity: 'error',
      from: { path: '^(?:apps|packages|scripts)/', pathNot: [TEST, '^packages/test-browser/'] },
      to: { path: '^packages/test-browser/' },
    },
    {
      name: 'test-browser-stands-alone',
      severity: 'error',
      from: { path: '^packages/test-browser/' },
      to: { path: ['^apps/', '^packages/(?!test-browser/)', '^scripts/'] },
    },
    {
      name: 'local-wires-client-and-sandboxes',
      severity: 'error',
      from: { path: '^packages/local/' },
      to: { path: '^packages/', pathNot: '^packages/(?:local|client|[^/]+-sandbox)/' },
    },
    {
      name: 'tests-are-imported-by-tests',
      severity: 'error',
      from: { path: '^(?:apps|packages|scripts)/', pathNot: TEST },
      to: { path: '^(?:apps|packages|scripts)/.*(?:\\.test\\.tsx?$|/test/)' },
    },
    {
      name: 'shipped-code-needs-no-dev-dependency',
      severity: 'error',
      // Not the Stripe and OAuth sandboxes: what they need is in their bundles. See scripts/bundle.mjs.
      from: { path: '^(?:apps/server|packages/(?:client|config|react|server|paymob-sandbox))/src/', pathNot: TEST },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm-peer'] },
    },
    {
      name: 'dependencies-are-declared',
      severity: 'error',
      from: { path: '^(?:apps|packages|scripts)/', pathNot: TEST }, // tests run on the root's vitest
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true, // otherwise `import type` is ignored
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(?:apps|packages)/[^/]+/dist/' }, // but not the dist/ of npm packages
    // No 'types' condition and no exclude of .d.ts: either would hide type-only imports of npm packages.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.d.ts'],
    },
  },
}

import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise } from 'dependency-cruiser'
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const REPOSITORY = join(import.meta.dirname, '..')
const SRC = 'apps/server/src'

/** A tree that breaks no rule: each file with its imports. */
const ALLOWED: Record<string, string[]> = {
  [`${SRC}/main.ts`]: ['./deps.ts', './router.ts'],
  [`${SRC}/config.ts`]: ['zod'],
  [`${SRC}/deps.ts`]: ['./config.ts', './billing/index.ts', './extension/index.ts', './mail/index.ts'],
  [`${SRC}/router.ts`]: ['./admin/index.ts', './auth/index.ts', './billing/index.ts', './platform/rpc/trpc.ts'],
  [`${SRC}/app.ts`]: ['./deps.ts', './router.ts', './rest/index.ts'],
  [`${SRC}/verbs/migrate.ts`]: ['../extension/index.ts'],
  [`${SRC}/extension/index.ts`]: ['./kit/create-kit.ts'],
  [`${SRC}/extension/kit/create-kit.ts`]: ['../database/open-transaction.ts', '../../platform/rpc/trpc.ts'],
  [`${SRC}/extension/database/open-transaction.ts`]: ['../../billing/index.ts'],
  [`${SRC}/extension/extension.schemas.ts`]: ['../billing/billing.schemas.ts', 'zod'],
  [`${SRC}/rest/index.ts`]: ['./rest.routes.ts'],
  [`${SRC}/rest/rest.routes.ts`]: ['../router.ts', '../auth/auth.errors.ts', '../platform/rpc/trpc.ts', 'express'],
  [`${SRC}/auth/auth.errors.ts`]: [],
  [`${SRC}/platform/rpc/trpc.ts`]: ['@trpc/server', '../jobs/jobs.ts'],
  [`${SRC}/platform/jobs/jobs.ts`]: ['pg-boss'],
  [`${SRC}/migrations/0001-start.ts`]: ['@mikro-orm/migrations'],
  [`${SRC}/mail/index.ts`]: ['./mail.queues.ts', './smtp.ts'],
  [`${SRC}/mail/mail.queues.ts`]: ['zod', '../platform/jobs/jobs.ts'],
  [`${SRC}/mail/smtp.ts`]: ['nodemailer'],
  [`${SRC}/auth/index.ts`]: ['./auth.router.ts', './user.entity.ts'],
  [`${SRC}/auth/auth.router.ts`]: ['./sessions/log-in.ts', './auth.schemas.ts', '../platform/rpc/trpc.ts'],
  [`${SRC}/auth/auth.schemas.ts`]: ['zod'],
  [`${SRC}/auth/sessions/log-in.ts`]: ['../user.entity.ts', '../credentials/password.ts', '../../mail/index.ts'],
  [`${SRC}/auth/sessions/log-in.test.ts`]: ['../../../test/test-app.ts', './log-in.ts', 'stripe'],
  [`${SRC}/auth/credentials/password.ts`]: ['argon2'],
  [`${SRC}/auth/user.entity.ts`]: ['@mikro-orm/core'],
  [`${SRC}/billing/index.ts`]: ['./billing.router.ts', './providers/stripe/gateway.ts'],
  [`${SRC}/billing/billing.router.ts`]: ['./changes/cancel.ts', './billing.schemas.ts', '../platform/rpc/trpc.ts'],
  [`${SRC}/billing/billing.schemas.ts`]: ['zod'],
  [`${SRC}/billing/changes/cancel.ts`]: [
    '../plan.entity.ts',
    '../providers/payment-provider.ts',
    '../../auth/index.ts',
  ],
  [`${SRC}/billing/plan.entity.ts`]: ['@mikro-orm/core', '../auth/index.ts'],
  [`${SRC}/billing/providers/payment-provider.ts`]: [],
  [`${SRC}/billing/providers/stripe/gateway.ts`]: ['stripe', '../payment-provider.ts'],
  [`${SRC}/admin/index.ts`]: ['./admin.router.ts'],
  [`${SRC}/admin/admin.router.ts`]: ['./admin.schemas.ts', '../billing/index.ts', '../platform/rpc/trpc.ts'],
  [`${SRC}/admin/admin.schemas.ts`]: ['../billing/billing.schemas.ts'],
  'apps/server/test/test-app.ts': [
    '../src/router.ts',
    '@tollgate/client',
    '@tollgate/stripe-sandbox',
    '@tollgate/local/postgres',
  ],
  'apps/console/src/main.tsx': ['react', '@tollgate/client', './pages/plans.tsx', './api.ts'],
  'apps/console/src/pages/plans.tsx': ['../billing/plan-card.tsx', '../account/avatar.tsx', '../parts/page.tsx'],
  'apps/console/src/billing/plan-card.tsx': ['../parts/page.tsx', '../api.ts'],
  'apps/console/src/account/avatar.tsx': [],
  'apps/console/src/parts/page.tsx': ['react'],
  'apps/console/src/api.ts': ['@tollgate/client'],
  'packages/client/src/index.ts': ['@trpc/client'],
  'packages/config/src/kit.ts': ['@trpc/server', 'kysely', '@tollgate/client'],
  'packages/react/src/provider.tsx': ['react', '@tanstack/react-query', '@tollgate/client'],
  'packages/server/src/index.ts': ['jose'],
  'packages/stripe-sandbox/src/index.ts': ['express', './clock/agenda.ts', './routes/charges.ts', './ids.ts'],
  'packages/stripe-sandbox/src/routes/charges.ts': ['../ids.ts', '../clock/agenda.ts'],
  'packages/stripe-sandbox/src/clock/agenda.ts': ['../ids.ts', './arrive.ts'],
  'packages/stripe-sandbox/src/clock/arrive.ts': [],
  'packages/stripe-sandbox/src/clock/agenda.test.ts': ['../routes/charges.ts', './agenda.ts'],
  'packages/stripe-sandbox/src/ids.ts': [],
  'packages/oauth-sandbox/src/index.ts': [],
  'packages/paymob-sandbox/src/state/state.ts': [],
  'packages/paymob-sandbox/src/payments/charge.ts': ['../state/state.ts'],
  'packages/local/src/postgres.ts': ['@tollgate/client'],
  'packages/test-browser/src/picture.ts': ['playwright-core'],
  'packages/stripe-sandbox/test/pages.browser.test.ts': ['@tollgate/test-browser/picture'],
  'scripts/check.ts': [],
}

/** One violation of each rule: a file, and the import in it that breaks the rule. */
const PLANTED: Record<string, [file: string, specifier: string]> = {
  'no-circular': [`${SRC}/platform/http/access-log.ts`, './http.ts'],
  'no-unresolvable': [`${SRC}/platform/clock.ts`, './no-such-file.ts'],
  'slices-meet-at-the-front-door': [`${SRC}/billing/changes/resume.ts`, '../../auth/user.entity.ts'],
  'root-uses-front-doors': [`${SRC}/worker.ts`, './auth/sessions/log-in.ts'],
  'rest-stands-on-the-router': [`${SRC}/rest/operations.ts`, '../auth/index.ts'],
  'extension-stands-on-the-slices': [`${SRC}/extension/loading/load-config.ts`, '../../admin/index.ts'],
  'only-the-root-imports-extension': [`${SRC}/auth/accounts/close.ts`, '../../extension/index.ts'],
  'verbs-use-the-extension-front-door': [`${SRC}/verbs/work.ts`, '../extension/kit/create-kit.ts'],
  'extension-rooms-in-order': [`${SRC}/extension/database/sql-connection.ts`, '../kit/create-kit.ts'],
  'console-server-stands-on-the-platform': [`${SRC}/console/index.ts`, '../auth/index.ts'],
  'only-app-imports-rest': [`${SRC}/serve.ts`, './rest/index.ts'],
  'slices-know-no-root': [`${SRC}/auth/credentials/tokens.ts`, '../../config.ts'],
  'platform-knows-no-slice': [`${SRC}/platform/audit/audit.ts`, '../../auth/index.ts'],
  'mail-knows-no-slice': [`${SRC}/mail/send-mail.ts`, '../auth/index.ts'],
  'auth-knows-no-accounts': [`${SRC}/auth/accounts/deactivate.ts`, '../../billing/index.ts'],
  'accounts-know-no-billing': [`${SRC}/accounts/roles/require-role.ts`, '../../billing/index.ts'],
  'accounts-rooms-in-order': [`${SRC}/accounts/members/leave.ts`, '../invitations/invite.ts'],
  'auth-rooms-in-order': [`${SRC}/auth/links/lock-user.ts`, '../sessions/log-in.ts'],
  'billing-knows-no-admin': [`${SRC}/billing/upkeep/reconcile.ts`, '../../admin/index.ts'],
  'service-knows-no-admin': [`${SRC}/service/facts/read-facts.ts`, '../../admin/index.ts'],
  'events-know-no-service': [`${SRC}/events/feed/list.ts`, '../../service/index.ts'],
  'events-rooms-in-order': [`${SRC}/events/record/note.ts`, '../feed/list.ts'],
  'service-rooms-in-order': [`${SRC}/service/keys/list-keys.ts`, '../service.router.ts'],
  'admin-rooms-in-order': [`${SRC}/admin/lists/read-owners-of.ts`, '../money/list-payments.ts'],
  'doors-open-inwards': [`${SRC}/auth/accounts/register.ts`, '../auth.router.ts'],
  'entities-stay-off-the-wire': [`${SRC}/auth/oauth.routes.ts`, './user.entity.ts'],
  'schemas-are-pure': [`${SRC}/auth/profile.schemas.ts`, '../platform/jobs/jobs.ts'],
  'queues-know-no-handler': [`${SRC}/auth/auth.queues.ts`, './sessions/log-in.ts'],
  'use-cases-know-no-transport': [`${SRC}/auth/sessions/log-out.ts`, 'express'],
  'stripe-stays-behind-the-port': [`${SRC}/billing/checkout/upgrade.ts`, 'stripe'],
  'the-port-knows-no-adapter': [`${SRC}/billing/providers/capabilities.ts`, './stripe/gateway.ts'],
  'payment-providers-know-not-each-other': [`${SRC}/billing/providers/paymob/gateway.ts`, '../stripe/gateway.ts'],
  'payment-providers-enter-by-the-port': [`${SRC}/billing/changes/change-plan.ts`, '../providers/stripe/gateway.ts'],
  'one-file-per-vendor': [`${SRC}/auth/recovery/verify-email.ts`, 'pg-boss'],
  'migrations-stand-alone': [`${SRC}/migrations/0002-plans.ts`, '../billing/plan.entity.ts'],
  'the-server-needs-no-workspace-package': [`${SRC}/migrate.ts`, '@tollgate/stripe-sandbox'],
  'apps-are-programs': ['packages/local/src/start.ts', '../../../apps/server/src/main.ts'],
  'client-stands-alone': ['packages/client/src/session.ts', '../../../apps/server/src/router.ts'],
  'react-imports-the-client-only': ['packages/react/src/plans.ts', '../../server/src/index.ts'],
  'config-imports-the-client-only': ['packages/config/src/fields.ts', '../../server/src/index.ts'],
  'server-package-stands-alone': ['packages/server/src/errors.ts', '../../client/src/index.ts'],
  'server-package-runs-without-node': ['packages/server/src/runtime.ts', 'node:crypto'],
  'console-imports-the-client-only': ['apps/console/src/plans.tsx', '../../../packages/local/src/postgres.ts'],
  'billing-rooms-in-order': [`${SRC}/billing/plans/get-plan.ts`, '../changes/cancel.ts'],
  'console-rooms-in-order': ['apps/console/src/billing/payments.tsx', '../account/avatar.tsx'],
  'sandboxes-stand-alone': ['packages/oauth-sandbox/src/clock.ts', '../../stripe-sandbox/src/index.ts'],
  'local-wires-client-and-sandboxes': ['packages/local/src/demo.ts', '../../bench/src/load.ts'],
  'platform-rooms-in-order': [`${SRC}/platform/database/ids.ts`, '../jobs/jobs.ts'],
  'stripe-sandbox-rooms-in-order': ['packages/stripe-sandbox/src/state/account.ts', '../clock/agenda.ts'],
  'paymob-sandbox-rooms-in-order': ['packages/paymob-sandbox/src/state/table.ts', '../payments/charge.ts'],
  'test-browser-is-for-tests': ['packages/local/src/hosted-page.ts', '../../test-browser/src/picture.ts'],
  'test-browser-stands-alone': ['packages/test-browser/src/story.ts', '../../client/src/index.ts'],
  'tests-are-imported-by-tests': ['packages/client/src/errors.ts', '../test/server.ts'],
  'shipped-code-needs-no-dev-dependency': ['packages/react/src/once.ts', 'jsdom'],
  'dependencies-are-declared': ['apps/console/src/form.tsx', 'zod'],
}
/** More files that the planted ones import. */
const SUPPORTING: Record<string, string[]> = {
  [`${SRC}/platform/http/http.ts`]: ['./access-log.ts'],
  'packages/bench/src/load.ts': [],
  [`${SRC}/accounts/invitations/invite.ts`]: ['../member.entity.ts'],
  [`${SRC}/accounts/member.entity.ts`]: [],
  [`${SRC}/admin/money/list-payments.ts`]: ['../admin.schemas.ts'],
  [`${SRC}/service/index.ts`]: [],
  [`${SRC}/service/service.router.ts`]: [],
  'packages/client/test/server.ts': [],
}
/** Rules that ignore `import type`: shipped code may use the types of a dev dependency. */
const ABOUT_VALUES = new Set(['shipped-code-needs-no-dev-dependency'])

let tree: string
beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'tollgate-walls-'))
  copyManifests()
})
afterAll(() => rmSync(tree, { recursive: true, force: true }))

test('every rule has a planted violation', async () => {
  const { ruleSet } = await extractOptions(join(REPOSITORY, '.dependency-cruiser.cjs'))
  const names = ruleSet?.forbidden?.map(({ name }) => name)
  expect(new Set(Object.keys(PLANTED))).toEqual(new Set(names))
})

describe.each(['import', 'import type'] as const)('with `%s`', (keyword) => {
  let violations: { rule: string; from: string }[]
  beforeAll(async () => {
    for (const [file, specifiers] of Object.entries({ ...ALLOWED, ...SUPPORTING })) write(file, keyword, specifiers)
    for (const [file, specifier] of Object.values(PLANTED)) write(file, keyword, [specifier])
    violations = await findViolations()
  })

  const rules = Object.keys(PLANTED).filter((rule) => keyword === 'import' || !ABOUT_VALUES.has(rule))
  test.each(rules)('the rule %s reports its planted violation', (rule) => {
    expect(violations).toContainEqual({ rule, from: PLANTED[rule]?.[0] })
  })

  test('no rule reports an allowed file', () => {
    expect(violations.filter(({ from }) => from in ALLOWED)).toEqual([])
  })
})

async function findViolations() {
  const options = await extractOptions(join(REPOSITORY, '.dependency-cruiser.cjs'))
  const { output } = await cruise(
    ['apps', 'packages', 'scripts'],
    { ...options, baseDir: tree },
    options.enhancedResolveOptions,
  )
  if (typeof output === 'string') throw new Error(output)
  return output.summary.violations.map(({ rule, from }) => ({ rule: rule.name, from }))
}

function write(file: string, keyword: string, specifiers: string[]) {
  const lines = specifiers.map((specifier, n) => `${keyword} { Thing as Thing${n} } from '${specifier}'`)
  mkdirSync(dirname(join(tree, file)), { recursive: true })
  writeFileSync(join(tree, file), [...lines, 'export type Thing = unknown', ''].join('\n'))
}

/** Copies every package.json, and links workspace packages into the tree and npm packages to where pnpm put them. */
function copyManifests() {
  const manifests = globSync(['package.json', '{apps,packages}/*/package.json'], { cwd: REPOSITORY })
  for (const manifest of manifests) {
    mkdirSync(dirname(join(tree, manifest)), { recursive: true })
    cpSync(join(REPOSITORY, manifest), join(tree, manifest))
    const modules = join(dirname(manifest), 'node_modules')
    for (const name of globSync(['[!.@]*', '@*/*'], { cwd: join(REPOSITORY, modules) })) {
      const target = realpathSync(join(REPOSITORY, modules, name))
      link(
        join(modules, name),
        name.startsWith('@tollgate/') ? target.replace(realpathSync(REPOSITORY), realpathSync(tree)) : target,
      )
    }
  }
  const zod = join(REPOSITORY, SRC, '../node_modules/zod')
  link('node_modules/zod', realpathSync(zod)) // hoisted, so that every package finds it without declaring it
}

function link(path: string, target: string) {
  if (existsSync(join(tree, path))) return
  mkdirSync(dirname(join(tree, path)), { recursive: true })
  symlinkSync(target, join(tree, path))
}

import { RuleTester } from 'oxlint/plugins-dev'
import { describe, expect, test } from 'vitest'
import houseStyle from './house-style.ts'

RuleTester.describe = describe
// oxlint-disable-next-line vitest/valid-title -- each title is the code under test
RuleTester.it = (title, run) => test(title, () => expect(run).not.toThrow())
const tester = new RuleTester({ languageOptions: { sourceType: 'module', parserOptions: { lang: 'ts' } } })

tester.run('refuses a double assertion', houseStyle.rules['no-double-assertion'], {
  valid: ['const port = address as number', 'const names = ["a"] as const'],
  invalid: [{ code: 'const user = row as unknown as User', errors: 1 }],
})

tester.run('refuses a catch-all file or folder name', houseStyle.rules['no-drawers'], {
  valid: [
    { code: 'export const DAY = 1', filename: '/repo/apps/server/src/platform/durations.ts' },
    { code: 'export const a = 1', filename: '/repo/apps/server/src/mail/commons.ts' },
  ],
  invalid: [
    { code: 'export const DAY = 1', filename: '/repo/apps/server/src/constants.ts', errors: 1 },
    { code: 'export const DAY = 1', filename: '/repo/apps/server/src/auth/utils/day.ts', errors: 1 },
  ],
})

const inAuth = (name: string) => `/repo/apps/server/src/auth/${name}`

tester.run('refuses a use case that is not named after its file', houseStyle.rules['use-case-named-after-its-file'], {
  valid: [
    { code: 'export async function logIn() {}', filename: inAuth('log-in.ts') },
    { code: 'export async function cleanUpAuth() {}', filename: inAuth('clean-up.ts') },
    {
      code: 'export function readToken() {}; export async function lockToken() {}',
      filename: inAuth('redeem-token.ts'),
    },
    { code: 'export interface AuthScope {}', filename: inAuth('auth-scope.ts') },
    { code: 'export function refuseCommonPassword() {}', filename: inAuth('common-passwords.ts') },
    { code: 'export async function askOnce() {}', filename: inAuth('providers/oauth-client.ts') },
    { code: 'export async function anything() {}', filename: '/repo/apps/server/src/platform/job-runner.ts' },
  ],
  invalid: [
    { code: 'export async function signIn() {}', filename: inAuth('log-in.ts'), errors: 1 },
    { code: 'export async function signIn() {}', filename: inAuth('sessions/log-in.ts'), errors: 1 },
  ],
})

tester.run('refuses billing time under a name of wall time', houseStyle.rules['billing-time-named'], {
  valid: [
    'const billingNow = await scope.billing.time.now()',
    'const now = clock.now()',
    'const wallNow = clock.now()',
  ],
  invalid: [
    { code: 'const now = await billing.time.now()', errors: 1 },
    { code: 'const due = await time.now()', errors: 1 },
  ],
})

tester.run('refuses two errors on one line of a docstring', houseStyle.rules['one-error-per-throws'], {
  valid: ['/**\n * @throws {Busy}\n * @throws {NotFound} like {@link other}.\n */\nexport const a = 1'],
  invalid: [{ code: '/** @throws {Busy} {NotFound} */\nexport const a = 1', errors: 1 }],
})

tester.run('refuses what a program would assign after its end', houseStyle.rules['exit-comes-last'], {
  valid: ['const a = 1; process.exit(await run()); async function run() { return a }', 'const a = 1; const b = 2'],
  invalid: [{ code: 'process.exit(await run()); async function run() { return a() }; const a = () => 1', errors: 1 }],
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const COMMENT = /^\s*\/\*\*.*\*\/\n/gm

function codeOf(path: string): string {
  return readFileSync(join(import.meta.dirname, '..', path), 'utf8')
    .replaceAll(COMMENT, '')
    .replace(/import \{ t \} .*\n\n/, '')
    .replace('t.account.session.device(browser, system)', `\`\${browser} on \${system}\``)
    .replace('t.account.session.unknownDevice', "'Unknown device'")
}

// Neither program may import the other, so each has its own copy. The console's words are in its catalogue.
test('the console and the mails name devices by the same code', () => {
  const [console, mails] = [codeOf('apps/console/src/words/device.ts'), codeOf('apps/server/src/mail/device.ts')]
  expect(console).toBe(mails)
  expect(console).toContain('Unknown device')
})

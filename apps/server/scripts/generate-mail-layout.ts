/**
 * Writes the mails' layout from its source: `node apps/server/scripts/generate-mail-layout.ts`, after each change of
 * layout.mjml. The compiler is heavy and so stays out of the server (docs/decisions/0011-mail-layout.md).
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import mjml from 'mjml'

const FOLDER = join(import.meta.dirname, '../src/mail/layout')
export const GENERATED = join(FOLDER, 'generated/layout.ts')

/** The module that layout.mjml makes. @throws where the source is not valid MJML. */
export async function layoutModule(): Promise<string> {
  const source = readFileSync(join(FOLDER, 'layout.mjml'), 'utf8')
  const { html } = await mjml(source, { validationLevel: 'strict', keepComments: false, fonts: {} })
  // Only what a line begins or ends with: between words a space is seen.
  const lines = html.split('\n').map((line) => line.trim())
  const text = lines.filter((line) => line !== '').join('\n')
  return `// Written by scripts/generate-mail-layout.ts from layout.mjml; a test tells when it is out of date.
/** An Eta template between {{ and }}. */
export const LAYOUT = \`${text.replaceAll(/[\\`]|\$(?=\{)/g, String.raw`\$&`)}
\`
`
}

if (import.meta.main) writeFileSync(GENERATED, await layoutModule())

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { GENERATED, layoutModule } from '../../../scripts/generate-mail-layout.ts'

test('generated/layout.ts is up to date with layout.mjml', async () => {
  expect(await layoutModule()).toBe(readFileSync(GENERATED, 'utf8'))
})

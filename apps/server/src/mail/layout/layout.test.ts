import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { GENERATED, layoutModule } from '../../../scripts/generate-mail-layout.ts'

test('the layout that the server carries is the one that its source makes', async () => {
  expect(await layoutModule()).toBe(readFileSync(GENERATED, 'utf8'))
})

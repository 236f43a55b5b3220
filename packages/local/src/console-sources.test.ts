import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { bundleDir, bundleIfChanged } from './console-sources.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'tollgate-bundle-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

test('the console is bundled again only if its sources have changed, or the bundle is gone', async () => {
  let bundles = 0
  const bundle = async () => {
    bundles += 1
    mkdirSync(bundleDir(dataDir), { recursive: true })
    writeFileSync(join(bundleDir(dataDir), 'index.html'), '')
  }
  await bundleIfChanged(dataDir, bundle)
  await bundleIfChanged(dataDir, bundle)
  expect(bundles).toBe(1)

  writeFileSync(join(dataDir, 'console.sources'), 'others')
  await bundleIfChanged(dataDir, bundle)
  expect(bundles).toBe(2)

  rmSync(bundleDir(dataDir), { recursive: true })
  await bundleIfChanged(dataDir, bundle)
  expect(bundles).toBe(3)
})

test('a bundle that failed counts as none', async () => {
  writeFileSync(join(dataDir, 'console.sources'), 'others')
  const failing = bundleIfChanged(dataDir, () => Promise.reject(new Error('no memory')))
  await expect(failing).rejects.toThrow('no memory')
  let again = false
  await bundleIfChanged(dataDir, async () => void (again = true))
  expect(again).toBe(true)
})

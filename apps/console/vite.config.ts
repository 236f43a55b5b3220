import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** A browser on this machine needs no compressed files. */
const UNCOMPRESSED = 'uncompressed'
const COMPRESSIBLE = /\.(?:css|js|svg)$/

/** Puts a copy in brotli and one in gzip beside each file that gets smaller by it. The server sends those. */
const compress: Plugin = {
  name: 'compress',
  apply: (_config, { command, mode }) => command === 'build' && mode !== UNCOMPRESSED,
  async writeBundle({ dir = 'dist' }, bundle) {
    await Promise.all(
      Object.keys(bundle)
        .filter((name) => COMPRESSIBLE.test(name))
        .map(async (name) => {
          const path = join(dir, name)
          const content = await readFile(path)
          await writeFile(`${path}.br`, await promisify(brotliCompress)(content))
          await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }))
        }),
    )
  },
}

/** `vite dev` has no server that knows the brand. The console's own colors stand in its style sheet. */
const noBrand: Plugin = {
  name: 'no-brand',
  apply: 'serve',
  configureServer({ middlewares }) {
    middlewares.use('/brand.css', (_req, res) => {
      res.setHeader('Content-Type', 'text/css').end()
    })
  },
}

const EVERY_PAGE =
  /node_modules\/(react|react-dom|react-router|scheduler|@trpc\/[a-z-]+|superjson|copy-anything|is-what|@tanstack\/[a-z-]+)\//

/** Small parts that most pages need. As a file each, they would compress worse. */
const MOST_PAGES =
  /console\/src\/(parts|words)\/(busy-button|page|loading|load-failure|skeleton|segments|unsaved|notify|problem|support|notice|moment|badge|dates|price)\.tsx?$/

export default defineConfig({
  plugins: [react(), compress, noBrand],
  build: {
    // What every page needs is one file: it compresses better than its parts.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'vendor', test: EVERY_PAGE },
            { name: 'parts', test: MOST_PAGES },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    warmup: { clientFiles: ['./src/main.tsx'] }, // makes the first page load as fast as the next
  },
})

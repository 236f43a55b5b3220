import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** The address becomes part of the files. Without it, visitors' browsers would look for the API on their own machine. */
const requireApiUrl: Plugin = {
  name: 'require-api-url',
  apply: 'build',
  configResolved({ env }) {
    if (!env['VITE_API_URL']) {
      throw new Error("Set VITE_API_URL to the API's address as browsers see it, such as https://api.example.com.")
    }
  },
}

export default defineConfig({
  plugins: [react(), requireApiUrl],
  server: {
    host: '127.0.0.1',
    port: 3001,
    strictPort: true,
    warmup: { clientFiles: ['./src/main.tsx'] }, // makes the first page load as fast as the next
  },
})

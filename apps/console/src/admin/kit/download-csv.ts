import { session } from '../../api.ts'
import { saveFile } from '../../parts/save-file.ts'
import { settings } from '../../settings.ts'

/**
 * Downloads a list as CSV and lets the browser save it.
 *
 * @param list the name of the file below `/admin/export/`.
 * @throws {Error} when the API refuses, or the connection breaks.
 */
export async function downloadCsv(list: string, filters: Readonly<Record<string, unknown>>): Promise<void> {
  const url = new URL(`${settings.apiUrl.replace(/\/$/, '')}/admin/export/${list}.csv`)
  for (const [name, value] of Object.entries(filters)) {
    url.searchParams.set(name, value instanceof Date ? value.toISOString() : String(value))
  }
  let answer = await ask(url)
  if (answer.status === 401 && (await session.restore())) answer = await ask(url) // the access token was too old
  if (!answer.ok) throw new Error(`${url.pathname} answered ${answer.status}`)
  saveFile(`${list}.csv`, 'text/csv;charset=utf-8', await answer.text())
}

function ask(url: URL): Promise<Response> {
  return fetch(url, { headers: { authorization: `Bearer ${session.current?.accessToken ?? ''}` } })
}

const PATIENCE = 10_000

interface Mail {
  id: string
  to: { address: string }[]
  text: string
}

/** Waits until somebody has got a mail with a link to a page of the console, and gives that link. */
export async function mailedLink(inboxUrl: string, { to, page }: { to: string; page: string }): Promise<string> {
  const [link] = await mailed(inboxUrl, to, new RegExp(String.raw`https?://\S+${page}\?token=[\w.-]+`))
  return link
}

/** Waits until somebody has got a mail with a code to log in with. */
export async function mailedCode(inboxUrl: string, { to }: { to: string }): Promise<string> {
  const [code] = await mailed(inboxUrl, to, /^\d{6}$/m)
  return code
}

async function mailed(inboxUrl: string, to: string, what: RegExp): Promise<RegExpExecArray> {
  for (const deadline = Date.now() + PATIENCE; Date.now() < deadline;) {
    for (const { id, to: recipients } of await read<Mail[]>(`${inboxUrl}/api/email`)) {
      if (!recipients.some(({ address }) => address === to)) continue
      const found = what.exec((await read<Mail>(`${inboxUrl}/api/email/${id}`)).text)
      if (found) return found
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`Nobody mailed ${to} anything like ${what}.`)
}

async function read<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T
}

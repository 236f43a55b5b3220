const PATIENCE_MS = 10_000

interface Mail {
  text: string
}

/** Waits for an email to this address with a link to a page of the console, and returns the link. */
export async function mailedLink(inboxUrl: string, { to, page }: { to: string; page: string }): Promise<string> {
  const [link] = await mailed(inboxUrl, to, new RegExp(String.raw`https?://\S+${page}\?token=[\w.-]+(?:&\S+)?`))
  return link
}

/** Waits for an email to this address with a login code, and returns the code. */
export async function mailedCode(inboxUrl: string, { to }: { to: string }): Promise<string> {
  const [code] = await mailed(inboxUrl, to, /^\d{6}$/m)
  return code
}

async function mailed(inboxUrl: string, to: string, what: RegExp): Promise<RegExpExecArray> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline;) {
    const mails = await read<Mail[]>(`${inboxUrl}/api/email?to.address=${encodeURIComponent(to)}`)
    for (const { text } of mails) {
      const found = what.exec(text)
      if (found) return found
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`No email to ${to} contained ${what}.`)
}

async function read<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T
}

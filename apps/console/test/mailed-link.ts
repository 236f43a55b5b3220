const PATIENCE = 10_000

interface Mail {
  id: string
  to: { address: string }[]
  text: string
}

/** Waits until somebody has got a mail with a link to a page of the console, and gives that link. */
export async function mailedLink(inboxUrl: string, { to, page }: { to: string; page: string }): Promise<string> {
  const link = new RegExp(String.raw`https?://\S+${page}\?token=[\w.-]+`)
  for (const deadline = Date.now() + PATIENCE; Date.now() < deadline;) {
    for (const { id, to: recipients } of await read<Mail[]>(`${inboxUrl}/api/email`)) {
      if (!recipients.some(({ address }) => address === to)) continue
      const found = link.exec((await read<Mail>(`${inboxUrl}/api/email/${id}`)).text)?.[0]
      if (found) return found
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`Nobody mailed ${to} a link to ${page}.`)
}

async function read<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T
}

/** Opens the authorize page, fills in some fields, and submits the form as a browser does. */
export async function submitForm(pageUrl: string, filledIn: Record<string, string>): Promise<Response> {
  const page = await (await fetch(pageUrl)).text()
  if (!/<form method="post">/.test(page)) throw new Error(`No form found in: ${page}`)
  const fields = new URLSearchParams({ email_status: 'verified' })
  for (const [, tag = ''] of page.matchAll(/<input([^>]*)>/g)) {
    const attribute = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]
    const isChosen = attribute('type') !== 'radio' || / checked/.test(tag)
    const name = attribute('name')
    if (name !== undefined && isChosen) fields.set(name, attribute('value') ?? '')
  }
  for (const [name, value] of Object.entries(filledIn)) fields.set(name, value)
  return fetch(pageUrl, { method: 'POST', body: fields, redirect: 'manual' })
}

import { createTollgateServer } from '@tollgate/server'

/** What a program does with the package, on whatever runtime. */
export async function scenario({ url, serviceKey, accountId, tokens, delivery }) {
  const errors = []
  const tollgate = createTollgateServer({ url, serviceKey, onError: (error) => errors.push(String(error)) })
  const verify = async (token) => {
    const headers = { authorization: `Bearer ${token}` }
    const verified = await tollgate.verify(new Request('https://product.test/', { headers }))
    return verified.ok ? verified.session.userId : verified.reason
  }

  const verified = {}
  for (const [what, token] of Object.entries(tokens)) verified[what] = await verify(token)
  const { allowed } = await tollgate.consume(accountId, { feature: 'api_calls', key: 'once' })
  const { tier } = await tollgate.entitlements(accountId)

  const types = []
  const { headers, body, secret } = delivery
  const request = () => new Request('https://product.test/events', { method: 'POST', headers, body })
  const genuine = await tollgate.receiveEvents(request(), ({ type }) => void types.push(type), { secret })
  const wrongSecret = `whsec_${btoa('another secret of 16 bytes')}`
  const forged = await tollgate.receiveEvents(request(), () => undefined, { secret: wrongSecret })

  await (await fetch(`${url}/end`, { method: 'POST' })).text()
  let ended = ''
  for (const deadline = Date.now() + 20_000; ended !== 'SESSION_ENDED' && Date.now() < deadline;) {
    ended = await verify(tokens.good)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  tollgate.close()
  return { verified, allowed, tier, types, statuses: [genuine.status, forged.status], ended, errors }
}

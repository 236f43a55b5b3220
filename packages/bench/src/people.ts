import { randomUUID } from 'node:crypto'
import { mutate, refreshCookieOf } from './http-calls.ts'

export const PASSWORD = 'correct horse battery staple'

/** A logged-in user. */
export interface Person {
  id: string
  email: string
  accessToken: string
  refreshCookie: string
}

export const newAccount = () => {
  const username = `bench-${randomUUID().slice(0, 13)}`
  return { username, email: `${username}@example.com`, password: PASSWORD }
}

/** Signs up `count` people and logs them in, through the API. */
export async function people(api: string, count: number): Promise<Person[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const account = newAccount()
      const { json: registered } = await mutate(api, 'auth.register', account)
      const { id } = registered['user'] as { id: string }
      const { email } = account
      const { answer, json } = await mutate(api, 'auth.login', { email, password: PASSWORD })
      return { id, email, accessToken: String(json['accessToken']), refreshCookie: refreshCookieOf(answer) }
    }),
  )
}

import { API_URL } from '../api.ts'

const PROVIDERS = [
  { name: 'google', title: 'Google' },
  { name: 'github', title: 'GitHub' },
] as const

/** The ways in with an account elsewhere. Plain links: the browser itself goes there and comes back. */
export function OtherAccounts({ next }: { next: string }) {
  const query = new URLSearchParams({ redirectTo: next })
  return (
    <div className="other-accounts">
      <p className="or quiet">or</p>
      {PROVIDERS.map(({ name, title }) => (
        <a key={name} className="button button-quiet" href={`${API_URL}/${name}/login?${query}`}>
          Continue with {title}
        </a>
      ))}
    </div>
  )
}

import { oauthUrl } from '../api.ts'

const PROVIDERS = [
  { name: 'google', title: 'Google' },
  { name: 'github', title: 'GitHub' },
] as const

/** Login with Google or GitHub. These are plain links, because the browser itself must visit the provider. */
export function OtherAccounts({ next }: { next: string }) {
  return (
    <div className="other-accounts">
      <p className="or quiet">or</p>
      {PROVIDERS.map(({ name, title }) => (
        <a key={name} className="button button-quiet" href={oauthUrl(name, next)}>
          Continue with {title}
        </a>
      ))}
    </div>
  )
}

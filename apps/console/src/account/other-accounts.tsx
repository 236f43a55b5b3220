import { oauthUrl } from '../api.ts'
import { t } from '../texts/catalogue.ts'
import { ProviderLogo } from './provider-logo.tsx'
import { PROVIDERS } from './providers.ts'

/** Login with Google or GitHub. These are plain links, because the browser itself must visit the provider. */
export function OtherAccounts({ next }: { next: string }) {
  return (
    <div className="other-accounts">
      <p className="or quiet">{t.auth.or}</p>
      {PROVIDERS.map(({ provider, title }) => (
        <a key={provider} className="button button-quiet" href={oauthUrl(provider, next)}>
          <ProviderLogo of={provider} />
          {t.auth.continueWith(title)}
        </a>
      ))}
    </div>
  )
}

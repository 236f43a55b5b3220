import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { trpc } from '../../api.ts'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { DetailPage } from '../kit/detail.tsx'
import { t } from '../texts/catalogue.ts'
import { MailPreview } from './mail-preview.tsx'

const words = t.system.mails
const BACK = { to: '/admin/mails', label: words.back }

/** Every template with its samples at the side, and the chosen one beside them. The choice is in the URL. */
export function TemplatesPage() {
  const [query, setQuery] = useSearchParams()
  const templates = useQuery(trpc.admin.mails.templates.queryOptions())
  const samples = templates.data?.flatMap((each) => each.samples)
  const sample = samples?.find((name) => name === query.get('sample')) ?? samples?.[0]
  return (
    <DetailPage title={words.gallery} back={BACK}>
      <p className="quiet">{words.galleryLead}</p>
      {templates.isError && <LoadFailure error={templates.error} retry={() => void templates.refetch()} />}
      <div className="gallery">
        <nav className="gallery-list" aria-label={words.templates}>
          {templates.data === undefined && <Skeleton lines={12} />}
          {samples?.map((name) => (
            <button
              key={name}
              type="button"
              aria-current={name === sample ? 'true' : undefined}
              onClick={() => setQuery({ sample: name }, { replace: true, preventScrollReset: true })}
            >
              {name}
            </button>
          ))}
        </nav>
        {sample !== undefined && <SamplePreview sample={sample} />}
      </div>
    </DetailPage>
  )
}

function SamplePreview({ sample }: { sample: string }) {
  const preview = useQuery(trpc.admin.mails.preview.queryOptions({ sample }))
  if (preview.isError) return <LoadFailure error={preview.error} retry={() => void preview.refetch()} />
  return preview.data ? <MailPreview {...preview.data} /> : <Skeleton lines={10} className="system-detail-skeleton" />
}

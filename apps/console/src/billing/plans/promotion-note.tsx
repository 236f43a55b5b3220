import { useSearchParams } from 'react-router'
import { Notice } from '../../parts/notice.tsx'
import { t } from '../../texts/catalogue.ts'
import { usePromotionCode } from '../checkout/use-promotion-code.ts'

/** Says that the code of a link is redeemed at checkout, and lets the user go on without it. */
export function PromotionNote() {
  const [, setQuery] = useSearchParams()
  const code = usePromotionCode()
  if (!code) return null
  const remove = () =>
    setQuery(
      (before) => {
        before.delete('code')
        return before
      },
      { replace: true, preventScrollReset: true },
    )
  return (
    <Notice tone="good">
      {t.plans.promotion(code)}{' '}
      <button type="button" className="link" onClick={remove}>
        {t.plans.withoutPromotion}
      </button>
    </Notice>
  )
}

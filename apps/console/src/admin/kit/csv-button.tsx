import { useMutation } from '@tanstack/react-query'
import { BusyButton } from '../../parts/busy-button.tsx'
import { Notice } from '../../parts/notice.tsx'
import { notify } from '../../parts/notify.ts'
import { t } from '../texts/catalogue.ts'
import { downloadCsv } from './download-csv.ts'
import type { Filters } from './filters.ts'

/** Downloads all rows of the list that match its filters. */
export function CsvButton({ list, filters }: { list: string; filters: Filters }) {
  const download = useMutation({
    mutationFn: () => downloadCsv(list, filters.values),
    onSuccess: () => notify(t.kit.downloaded(`${list}.csv`)),
  })
  return (
    <>
      <BusyButton quiet busy={download.isPending} onClick={() => download.mutate()}>
        {t.kit.downloadCsv}
      </BusyButton>
      {download.isError && <Notice tone="bad">{t.kit.downloadFailed}</Notice>}
    </>
  )
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { trpc } from '../api.ts'
import { CardSkeleton } from '../parts/card-skeleton.tsx'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Notice } from '../parts/notice.tsx'
import { Select } from '../parts/select.tsx'
import { t } from '../texts/catalogue.ts'
import { browserZone, timeZoneOptions } from '../words/time-zone.ts'
import { PictureField } from './picture-field.tsx'

/** The user's name, time zone and picture. */
export function ProfileForm() {
  const queryClient = useQueryClient()
  const profile = useQuery({ ...trpc.profile.get.queryOptions(), refetchOnWindowFocus: false })
  const update = useMutation(
    trpc.profile.update.mutationOptions({
      onSuccess: (saved) => queryClient.setQueryData(trpc.profile.get.queryKey(), saved),
    }),
  )
  if (profile.isPending) return <CardSkeleton lines={19} />
  if (profile.isError) return <LoadFailure error={profile.error} retry={() => void profile.refetch()} />

  const { firstName, lastName, avatarUrl } = profile.data
  const timeZone = profile.data.timeZone ?? browserZone()
  return (
    <section className="card" aria-labelledby="about-you">
      <h2 id="about-you">{t.account.aboutYou.title}</h2>
      <Form
        submit={t.account.save}
        busy={update.isPending}
        error={update.error}
        onSubmit={(read) =>
          update.mutate({
            firstName: read('firstName'),
            lastName: read('lastName'),
            avatarUrl: read('avatarUrl') || null,
            timeZone: read('timeZone'),
          })
        }
      >
        <Field
          name="firstName"
          label={t.account.aboutYou.firstName}
          autoComplete="given-name"
          defaultValue={firstName ?? ''}
        />
        <Field
          name="lastName"
          label={t.account.aboutYou.lastName}
          autoComplete="family-name"
          defaultValue={lastName ?? ''}
        />
        <Select
          name="timeZone"
          label={t.account.aboutYou.timeZone}
          hint={t.account.aboutYou.timeZoneHint}
          options={timeZoneOptions(timeZone)}
          defaultValue={timeZone}
        />
        <PictureField name="avatarUrl" picture={avatarUrl} />
        {update.isSuccess && <Notice tone="good">{t.account.saved}</Notice>}
      </Form>
    </section>
  )
}

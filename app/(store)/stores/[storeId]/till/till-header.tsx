import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { LiveDot } from "@/components/live-dot";
import { Tile } from "@/components/tile";
import { Avatar } from "@/components/ui/row";
import { paths } from "@/lib/paths";
import { SoundButton } from "./sound-controls";
import type { TillStore } from "./till";
import type { Sound } from "./use-sound";

type Props = { store: TillStore; tillName: string | null; personName: string; isLive: boolean | null; isOffline: boolean; sound: Sound; children: ReactNode };

/** The till's bar: whose till, whether it hears payments and can be heard, who stands at it. `children` checks codes. */
export function TillHeader({ store, tillName, personName, isLive, isOffline, sound, children }: Props) {
  const t = useTranslations("till");
  return (
    <header className="sticky top-0 z-10 flex min-h-16 items-center gap-3 border-b border-line bg-card px-4 py-2 md:min-h-[72px] md:px-7">
      <Link href={paths.store(store.id)} className="flex min-h-11 min-w-0 items-center gap-3 text-ink no-underline">
        <Tile seed={store.seed} size={44} />
        <span className="min-w-0">
          <b className="block truncate leading-5 font-semibold">{store.name}</b>
          <h1 className="truncate font-sans text-small font-[450] tracking-normal text-muted">{tillName ?? t("title")}</h1>
        </span>
      </Link>
      {isLive === null && !isOffline ? null : <LiveDot isLive={isLive === true} />}
      <span className="flex-1" />
      <span className="hidden sm:contents">{children}</span>
      <SoundButton sound={sound} />
      <Link href={paths.home()} className="hidden min-h-11 items-center gap-2.5 rounded-[13px] bg-sunk py-1.5 pr-3.5 pl-2 font-semibold text-ink no-underline lg:flex">
        <Avatar name={personName} size={30} />
        {personName.split(" ")[0]}
      </Link>
    </header>
  );
}

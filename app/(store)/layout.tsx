import type { ReactNode } from "react";
import { AreaMessages } from "@/components/area-messages";

export default function StoreLayout({ children }: { children: ReactNode }) {
  return <AreaMessages areas={["store", "till", "sale", "charges", "guest", "refunds", "tillpix"]}>{children}</AreaMessages>;
}

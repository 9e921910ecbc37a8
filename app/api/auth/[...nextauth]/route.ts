import type { NextRequest } from "next/server";
import NextAuth from "next-auth/next";
import { nextAuthOptions } from "@/lib/auth/next-auth-options";

type Context = { params: Promise<{ nextauth: string[] }> };

// next-auth 4 types its handler `any`, and its route handler answers with a Response.
const handle = (request: NextRequest, context: Context): Promise<Response> => NextAuth(request, context, nextAuthOptions()) as Promise<Response>;

export { handle as GET, handle as POST };

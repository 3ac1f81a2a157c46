/** How a page of a run looks, by day and by night. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--faint:#c8ccd2;--dim:#6a737d;--call:#0b62c4;--answer:#4c8c2b;--write:#8a5a00;--bad:#c4192d;--turn:#bcd7f5;--hit:#fff3b0}
@media (prefers-color-scheme:dark){:root{--ink:#e3e6ea;--paper:#14171b;--faint:#3a4048;--dim:#8b949e;--call:#6cb0ff;--answer:#7fca5a;--write:#e0b050;--bad:#ff6b77;--turn:#27496d;--hit:#5a4a00}}
body{margin:0;font:14px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
header,#end{padding:8px 16px}h1{font-size:18px;margin:0}p{margin:2px 0;color:var(--dim)}input{font:inherit;width:22em}
pre{white-space:pre-wrap;overflow-wrap:anywhere}.passed{color:var(--answer)}.failed{color:var(--bad)}
svg{display:block}text{font:12px ui-monospace,monospace;fill:var(--ink);white-space:pre}
.lanes{position:sticky;top:0;background:var(--paper);border-bottom:1px solid var(--faint);z-index:1}.lane{text-anchor:middle;font-weight:bold}
.life{stroke:var(--faint)}.down{stroke:var(--bad);stroke-width:3;stroke-dasharray:2 4}
.turn{fill:var(--turn);stroke:var(--call);stroke-width:.5}.turn.error,.turn.died,.turn.unfinished{stroke:var(--bad);stroke-width:1.5}
.arrow{fill:none;stroke:var(--call);stroke-width:1.2}.arrow.answer{stroke:var(--answer);stroke-dasharray:5 3}.arrow.write,.arrow.acknowledgement{stroke:var(--write)}.arrow.acknowledgement{stroke-dasharray:5 3}.arrow.error{stroke:var(--bad)}
.row{cursor:pointer}.mark{fill:var(--dim)}.fault .mark,.death .mark,.partition .mark,.assertion-broken .mark{fill:var(--bad)}.fault text,.death text,.partition text,.assertion-broken text{fill:var(--bad)}
.store-write-accepted .mark{fill:var(--write)}.sometimes text{fill:var(--answer)}
.miss{opacity:.25}.same text,.hit text{font-weight:bold}.arrow.same{stroke-width:3}.now text{text-decoration:underline}
`;

/** What a page of a run does: a search, and showing together what belongs to one call. */
export const PAGE_SCRIPT = `
'use strict';
const rows=[...document.querySelectorAll('.row')],words=rows.map((row)=>row.textContent.toLowerCase());
const search=document.getElementById('search'),found=document.getElementById('found');
let hits=[],at=-1;
function look(){
  const wanted=search.value.trim().toLowerCase();
  hits=[];at=-1;
  rows.forEach((row,index)=>{
    const isHit=wanted!==''&&words[index].includes(wanted);
    if(isHit)hits.push(row);
    row.classList.toggle('hit',isHit);row.classList.toggle('miss',wanted!==''&&!isHit);row.classList.remove('now');
  });
  found.textContent=wanted===''?'':hits.length+' found; Enter for the next';
}
function go(step){
  if(hits.length===0)return;
  if(at>=0)hits[at].classList.remove('now');
  at=(at+step+hits.length)%hits.length;
  hits[at].classList.add('now');hits[at].scrollIntoView({block:'center'});
  found.textContent=(at+1)+' of '+hits.length;
}
search.addEventListener('input',look);
search.addEventListener('keydown',(event)=>{if(event.key==='Enter')go(event.shiftKey&&at>=0?-1:1);});
document.querySelector('.run').addEventListener('click',(event)=>{
  const row=event.target.closest('[data-call]');
  for(const other of document.querySelectorAll('.same'))other.classList.remove('same');
  if(row===null)return;
  for(const other of document.querySelectorAll('[data-call]'))other.classList.toggle('same',other.dataset.call===row.dataset.call);
});
`;

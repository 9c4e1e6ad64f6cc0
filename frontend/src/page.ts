// Small helps for every page. Each enhances what already works without it.
import { foldMenu } from "./menu";
import { offerCopy } from "./copy";
import { foldFacets } from "./facets";
import { submitOnChange } from "./submit";

document.documentElement.classList.add("has-script");
foldMenu();
offerCopy();
submitOnChange();
foldFacets();
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

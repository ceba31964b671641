address <- "https://tflink.example.org/api/v1/interactions/?taxon=9606&format=gmt-name"
lines <- strsplit(readLines(address), "\t")
sets <- lapply(lines, function(line) line[-(1:2)])
names(sets) <- sapply(lines, `[`, 1)

mine <- c("BAX", "CDKN1A", "FGF2", "TP53", "MDM2")
background <- 20000 # how many genes could have been in the list
p <- sapply(sets, function(set) {
  phyper(sum(mine %in% set) - 1, length(set), background - length(set), length(mine),
         lower.tail = FALSE)
})
print(head(sort(p.adjust(p, "BH"))))

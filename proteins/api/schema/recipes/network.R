address <- "https://tflink.example.org/api/v1/proteins/Q9UK53/network/?limit=50&format=sif"
edges <- read.table(address, sep = "\t", quote = "", fill = TRUE, comment.char = "",
                    na.strings = "", colClasses = "character", col.names = c("tf", "effect", "target"))
print(head(edges))
